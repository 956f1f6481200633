import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { connectEngine } from '../../packages/runtime-kit/src/engine/index.js';
import { Toolbox } from './toolbox.js';
import { toolsOf } from './tools.js';

const catalog = await loadRepositoryCatalog(import.meta.dirname);
const { repository, runtimes } = catalog;
const engine = await connectEngine();
const runId = randomUUID();

afterAll(() => cleanUp(runId, join(repository, '.runtime-kit', runId), engine));

for (const variant of runtimes.flatMap(({ variants }) => variants)) {
  const { folder } = variant.runtime;
  const toolbox = new Toolbox(engine, catalog, runId, () => toolsOf(variant, catalog));
  for (const script of ['test/lint', 'test/unit'])
    test.concurrent(`${variant.id}: ${script}`, async () => {
      const { exitCode, output } = await toolbox.run(folder, [join('.', script)]);
      expect(exitCode, `${folder}/${script} says\n${output}`).toBe(0);
    });
}
