import { expect, test } from 'vitest';
import { programsIn, TELL_CODE } from '../../packages/nodejs-runtime/test/tell-code.js';
import { imageName, loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { engine, ROOT } from './support.js';

const { config, runtimes } = await loadRepositoryCatalog(ROOT);
const variants = runtimes.find(({ language }) => language === 'nodejs')?.variants ?? [];

test.each(variants)('$id: a start of the image takes the code that it has', async (variant) => {
  const { exitCode, stdout, stderr } = await engine.containers.run({
    image: imageName(config.prefix, variant, 'runtime'),
    labels: {},
    env: { MOD_NAME: 'missing', FUNC_HANDLER: 'handler', FUNC_WORKERS: '1' },
    entrypoint: ['/usr/bin/node', TELL_CODE],
    command: ['/opt/runtime-kit/main.js'],
    network: 'none',
  });
  expect(exitCode, stdout).toBe(1); // it has no function
  expect(programsIn(stderr)).toEqual(['main.js true', 'worker.js true']);
});
