import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runServer } from 'verdaccio';
import { onTestFinished } from 'vitest';
import { folderOf } from './support.js';

/** A real npm registry at an address of this machine; packages of @ours are for its users, `words` for all. */
export async function startRegistry(address: string): Promise<string> {
  const folder = await folderOf({});
  const server: Server = await runServer({
    self_path: folder,
    storage: folder,
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    packages: {
      '@ours/*': { access: '$authenticated', publish: '$authenticated' },
      words: { access: '$all', publish: '$authenticated' },
    },
    log: { type: 'stdout', level: 'fatal' },
  });
  await once(server.listen(0, address), 'listening');
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return `http://${address}:${(server.address() as AddressInfo).port}/`;
}

/** Publishes a package, as somebody whose token is the answer. */
export async function publishWords(url: string, name = '@ours/words'): Promise<string> {
  const token = await addUser(url, 'ada');
  const folder = await folderOf({
    npmrc: `${url.slice('http:'.length)}:_authToken=${token}\n`,
    'package.json': JSON.stringify({ name, version: '1.0.0', files: ['index.js'] }),
    'index.js': 'module.exports = "words of a scope";\n',
  });
  const flags = ['--registry', url, '--userconfig', join(folder, 'npmrc')];
  await promisify(execFile)('npm', ['publish', ...flags], { cwd: folder });
  return token;
}

/** A user of the registry; the answer is the token. */
async function addUser(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: randomUUID() }),
  });
  return ((await answer.json()) as { token: string }).token;
}
