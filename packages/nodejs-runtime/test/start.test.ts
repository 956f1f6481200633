import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { bundlePrograms } from './programs.js';
import { programsIn, TELL_CODE } from './tell-code.js';

const KEEP_CODE = fileURLToPath(new URL('../keep-code.js', import.meta.url));

const programs = bundlePrograms();
beforeAll(() => {
  execFileSync(process.execPath, [KEEP_CODE, programs], { stdio: 'pipe' });
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
