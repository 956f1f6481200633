import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { bundlePrograms } from './programs.js';
import { programsIn, TELL_CODE } from './tell-code.js';

const KEEP_CODE = fileURLToPath(new URL('../keep-code.js', import.meta.url));

const programs = bundlePrograms();
beforeAll(async () => {
  await keepCode();
});

test('both programs take the code that was kept', async () => {
  expect(await start(programs)).toEqual(['main.js true', 'worker.js true']);
});

test('code for other flags of V8 is refused', async () => {
  expect(await start(programs, ['--expose-gc'])).toEqual(['main.js false', 'worker.js false']);
});

test('where code is broken or missing, programs are compiled as ever', async () => {
  const others = bundlePrograms();
  writeFileSync(path.join(others, 'programs/main.js.code'), 'no code');
  expect(await start(others)).toEqual(['main.js false', 'worker.js none']);
});

test('code is kept of a server that serves, or the reason is said', async () => {
  await expect(keepCode({ FUNC_TIMEOUT: 'soon' })).rejects.toThrow(
    /FUNC_TIMEOUT is "soon".*the server has ended with 1/s,
  );
});

async function keepCode(env: Record<string, string> = {}): Promise<void> {
  const FUNC_PORT = String(await freePort());
  await promisify(execFile)(process.execPath, [KEEP_CODE, programs], {
    env: { ...process.env, FUNC_PORT, ...env },
  });
}

/** Which programs ran with code that was kept, and which were refused it; there is no function, so they end. */
async function start(folder: string, options: string[] = []): Promise<string[]> {
  const main = path.join(folder, 'main.js');
  const server = spawn(process.execPath, [TELL_CODE, ...options, main], {
    env: {
      ...process.env,
      MOD_ROOT_PATH: folder,
      MOD_NAME: 'missing',
      FUNC_HANDLER: 'handler',
      FUNC_PORT: String(await freePort()),
      FUNC_WORKERS: '1',
    },
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  expect(await once(server, 'close')).toEqual([1, null]);
  expect(said).toContain('missing.js');
  return programsIn(said);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
