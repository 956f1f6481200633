import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runServer } from 'verdaccio';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { REGISTRY_FILES } from '../../packages/runtime-kit/src/conformance/registry/settings.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { RUN_LABEL } from '../../packages/runtime-kit/src/conformance/targets/image/volumes.js';
import { engine, folderOf, imageTarget, ROOT } from './support.js';

const run = promisify(execFile);
const runId = randomUUID();
const FUNCTION = 'exports.handler = () => require("@ours/words");\n';

afterAll(() => cleanUp(runId, join(ROOT, '.runtime-kit', runId), engine));

/** A real npm registry in a network that leads nowhere else; packages of @ours are for its users. */
async function startRegistry(): Promise<{ url: string; network: string }> {
  const network = `runtime-kit-${runId}`;
  const address = await engine.networks.createInternal(network, { [RUN_LABEL]: runId });
  const folder = await folderOf({});
  const server: Server = await runServer({
    self_path: folder,
    storage: folder,
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    packages: { '@ours/*': { access: '$authenticated', publish: '$authenticated' } },
    log: { type: 'stdout', level: 'fatal' },
  });
  await once(server.listen(0, address), 'listening');
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return { url: `http://${address}:${(server.address() as AddressInfo).port}/`, network };
}

/** A user of the registry; the answer is the token of an .npmrc. */
async function addUser(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: randomUUID() }),
  });
  return ((await answer.json()) as { token: string }).token;
}

test('a scope comes from a registry of npm by a mounted .npmrc', async () => {
  const { url, network } = await startRegistry();
  const npmrc = `${url.slice('http:'.length)}:_authToken=${await addUser(url, 'ada')}\n`;
  const fixtures = await folderOf({
    npmrc,
    'published/package.json': JSON.stringify({ name: '@ours/words', version: '1.0.0' }),
    'published/index.js': 'module.exports = "words of a scope";\n',
    'function/function.js': FUNCTION,
    'function/package.json': JSON.stringify({ dependencies: { '@ours/words': '^1.0.0' } }),
  });
  const userconfig = join(fixtures, 'npmrc');
  await run('npm', ['publish', '--registry', url, '--userconfig', userconfig], {
    cwd: join(fixtures, 'published'),
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
