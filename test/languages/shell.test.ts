import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { connectEngine } from '../../packages/runtime-kit/src/engine/index.js';
import { sourceFiles } from './sources.js';
import { Toolbox } from './toolbox.js';

const catalog = await loadRepositoryCatalog(import.meta.dirname);
const { repository, config } = catalog;
const engine = await connectEngine();
const runId = randomUUID();

afterAll(() => cleanUp(runId, join(repository, '.runtime-kit', runId), engine));

test('shellcheck finds nothing in the shell scripts of this repository', async () => {
  const scripts = (await sourceFiles(repository, '.'))
    .filter(
      ({ path, content }) =>
        /^#!\S*[/ ](env )?(ba)?sh\n/.test(`${content}`) || path.endsWith('.sh'),
    )
    .map(({ path }) => path);
  expect(scripts).toContain('scripts/test');
  const dockerfile = await readFile(join(import.meta.dirname, 'shell.Dockerfile'));
  const toolbox = new Toolbox(engine, catalog, runId, async () => ({
    name: `${config.prefix}/shell-test:latest`,
    suite: 'trixie',
    files: [{ path: 'Dockerfile', content: dockerfile }],
  }));
  const { exitCode, output } = await toolbox.run(repository, [
    'shellcheck',
    '--external-sources',
    ...scripts.sort(),
  ]);
  expect(exitCode, output).toBe(0);
});
