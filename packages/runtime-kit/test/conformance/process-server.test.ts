import { pbkdf2 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ProcessServer } from '../../src/conformance/targets/command/server.js';

/** Node's thread pool, which writes files, has four threads. */
const POOL = 4;

test('a process that ends before its note is written has an exit code all the same', async () => {
  const groups = await mkdtemp(join(tmpdir(), 'runtime-kit-process-server-'));
  const busy = Array.from({ length: POOL }, () =>
    promisify(pbkdf2)('password', 'salt', 500_000, 32, 'sha512'),
  );
  const server = await ProcessServer.start({
    command: 'sh -c "exit 3"',
    workingFolder: groups,
    env: {},
    port: 1,
    terminationLog: join(groups, 'termination-log'),
    groups,
  });

  await expect(server.exit(2000)).resolves.toMatchObject({ code: 3 });
  await server.stop();
  await Promise.all(busy);
  await rm(groups, { recursive: true });
});
