import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { REGISTRY_FILES } from '../../packages/runtime-kit/src/conformance/registry/settings.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { RUN_LABEL } from '../../packages/runtime-kit/src/conformance/targets/image/volumes.js';
import { publishWords, startRegistry } from './npm-registry.js';
import { engine, folderOf, imageTarget, ROOT } from './support.js';

const runId = randomUUID();
const FUNCTION = 'exports.handler = () => require("@ours/words");\n';

afterAll(() => cleanUp(runId, join(ROOT, '.runtime-kit', runId), engine));

test('a scope comes from a registry of npm by a mounted .npmrc', async () => {
  // It leads nowhere else.
  const network = `runtime-kit-${runId}`;
  const address = await engine.networks.createInternal(network, { [RUN_LABEL]: runId });
  const url = await startRegistry(address ?? '127.0.0.1');
  const npmrc = `${url.slice('http:'.length)}:_authToken=${await publishWords(url)}\n`;
  const fixtures = await folderOf({
    'function/function.js': FUNCTION,
    'function/package.json': JSON.stringify({ dependencies: { '@ours/words': '^1.0.0' } }),
  });
  expect((await fetch(`${url}@ours/words`)).status).toBe(401);

  const target = await imageTarget('nodejs', runId, { fixtures });
  const server = await target.start({
    fixture: 'function',
    registry: {
      env: {
        NPM_REGISTRY: url,
        NPM_SCOPE: '@ours',
        NPM_CONFIG_USERCONFIG: `${REGISTRY_FILES}/npmrc`,
      },
      files: { npmrc },
      hosts: {},
      network,
      user: 'ada',
      secrets: [],
    },
  });
  expect((await server.fetch('/')).text()).toBe('words of a scope');
  await server.stop();
});
