import { expect, onTestFinished, test } from 'vitest';
import { type LockOptions, takeLock } from '../../src/bench/machine/lock.js';

let port = 29_800;

function options(changes: Partial<LockOptions> = {}): LockOptions {
  return { describe: () => 'process 4711 in /somewhere', wait: false, port, ...changes };
}

test('a second benchmark is told who runs the first', async () => {
  port++;
  const lock = await takeLock(options());
  onTestFinished(() => lock.release());
  await expect(takeLock(options())).rejects.toMatchObject({
    code: 'BENCH_BUSY',
    message: expect.stringContaining('process 4711 in /somewhere'),
    hint: expect.stringContaining('--wait'),
  });
});

test('it waits for the first where it is asked to', async () => {
  port++;
  const first = await takeLock(options());
  let holder: string | undefined;
  const onWait = (text: string) => {
    holder = text;
    first.release();
  };
  const second = await takeLock(options({ wait: true, onWait }));
  onTestFinished(() => second.release());
  expect(holder).toContain('process 4711');
});

test('waiting ends with Ctrl-C', async () => {
  port++;
  const first = await takeLock(options());
  onTestFinished(() => first.release());
  const controller = new AbortController();
  const onWait = () => controller.abort();
  await expect(
    takeLock(options({ wait: true, onWait, signal: controller.signal })),
  ).rejects.toMatchObject({ name: 'AbortError' });
});
