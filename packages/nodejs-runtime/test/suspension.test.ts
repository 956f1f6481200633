import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { bundlePrograms, functionFolder } from './programs.js';
import { ask } from './serve.js';
import { startWorker } from './worker.js';

const SUSPENSIONS = 12;

test('a process that was suspended for longer than FUNC_TIMEOUT loses no call over it', async () => {
  const source = "exports.handler = async function* () { yield 'a'; yield 'b'; };";
  const { child, port } = await startWorker(bundlePrograms(), {
    MOD_ROOT_PATH: functionFolder(source),
    FUNC_TIMEOUT: '0.3',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let answered = 0;
  let suspended = true;
  const suspending = (async () => {
    for (let turn = 0; turn < SUSPENSIONS; turn++) {
      child.kill('SIGSTOP');
      await sleep(600);
      child.kill('SIGCONT');
      await sleep(40 + 7 * turn);
    }
    suspended = false;
  })();
  while (suspended) {
    const { status, body } = await ask(port, {});
    expect([status, body.toString()]).toEqual([200, 'ab']);
    answered++;
  }
  await suspending;
  expect(answered).toBeGreaterThan(SUSPENSIONS);
}, 40_000);
