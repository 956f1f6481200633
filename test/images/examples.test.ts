import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { isReachable } from '../../packages/runtime-kit/src/conformance/testing/registry.js';
import { engine, imageTarget, ROOT } from './support.js';

interface Example {
  handler: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: string };
  answer: { status: number; headers?: Record<string, string>; body: string };
}

const { runtimes } = await loadRepositoryCatalog(ROOT);
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
        const [module = '', handler = ''] = example.handler.split('.');
        const functions = { fixtures: folder, module, handler };
        const target = await imageTarget(runtime.language, runId, functions);
        const server = await target.start({ fixture: name });
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
