import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { trustedCaFile } from '../../packages/runtime-kit/src/base/index.js';
import { imageName, loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { describeTarget } from '../../packages/runtime-kit/src/conformance/run/describe.js';
import { ImageTarget } from '../../packages/runtime-kit/src/conformance/targets/image/target.js';
import { isReachable } from '../../packages/runtime-kit/src/conformance/testing/registry.js';
import { engine, ROOT } from './support.js';

interface Example {
  handler: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: string };
  answer: { status: number; headers?: Record<string, string>; body: string };
}

const { config, runtimes } = await loadRepositoryCatalog(ROOT);
const runId = randomUUID();

afterAll(() => cleanUp(runId, join(ROOT, '.runtime-kit', runId), engine));

for (const runtime of runtimes)
  describe(runtime.manifest.title, async () => {
    const folder = join(ROOT, 'examples', runtime.language);
    const examples = (await glob('*/example.yaml', { cwd: folder })).sort();

    test('has the examples that the README speaks of', () => {
      expect(examples.map((path) => path.split('/')[0])).toEqual(
        expect.arrayContaining(['custom-answer', 'dependencies', 'get', 'post']),
      );
    });

    for (const path of examples) {
      const name = path.split('/')[0] ?? path;
      test(`${name} answers as its example.yaml says`, async ({ skip }) => {
        const { registry } = runtime.manifest.function;
        if (name === 'dependencies' && !(await isReachable(registry)))
          skip(`this machine does not reach ${registry}`);
        const example = parse(await readFile(join(folder, path), 'utf8')) as Example;
        const { method, path: url, headers, body } = example.request;
        const server = await (await target(runtime, folder, example)).start({ fixture: name });
        const answer = await server.fetch(url, {
          method,
          ...(headers ? { headers } : {}),
          ...(body === undefined ? {} : { body }),
        });
        expect({ status: answer.status, body: answer.text() }).toEqual({
          status: example.answer.status,
          body: example.answer.body,
        });
        for (const [header, value] of Object.entries(example.answer.headers ?? {}))
          expect(answer.header(header), header).toBe(value);
        await server.stop();
      });
    }
  });

/** The newest image of a language, with the examples in the place of the fixtures. */
async function target(runtime: (typeof runtimes)[number], folder: string, example: Example) {
  const [variant] = runtime.variants;
  if (!variant) throw new Error(`${runtime.language} has no version`);
  const description = await describeTarget(
    {
      kind: 'image',
      name: variant.id,
      reference: imageName(config.prefix, variant, 'runtime'),
    },
    { runtimes, profile: 'full', engine, trustedCaFile: trustedCaFile(config.trustedCa, ROOT) },
  );
  if (description.kind !== 'image' || !description.runtime) throw new Error('not a runtime image');
  const [module = '', handler = ''] = example.handler.split('.');
  const facts = { ...description.runtime, fixtures: folder, module, handler };
  return new ImageTarget({ ...description, runtime: facts }, engine, runId);
}
