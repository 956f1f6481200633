import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parseStat } from '../src/processes.js';
import { bundlePrograms, functionFolder } from './programs.js';
import { type Answer, ask } from './serve.js';
import { type StartedWorker, startWorker } from './worker.js';

const SUSPENSIONS = 12;
const programs = bundlePrograms();

/** What functions here have at hand. */
const HELPERS = `
  const suspend = () => process.kill(process.pid, 'SIGSTOP');
  const work = () => {
    const until = performance.now() + 200;
    while (performance.now() < until);
  };`;

async function start(source: string, timeout: number): Promise<StartedWorker> {
  const worker = await startWorker(programs, {
    MOD_ROOT_PATH: functionFolder(`${HELPERS}\nexports.handler = ${source};`),
    FUNC_TIMEOUT: String(timeout),
  });
  onTestFinished(() => {
    worker.child.kill('SIGKILL');
  });
  return worker;
}

/** Lets a process that suspended itself be so for longer than FUNC_TIMEOUT. */
async function resumeLater(child: ChildProcess): Promise<void> {
  const pid = child.pid ?? 0;
  while (parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8')).state !== 'T') await sleep(10);
  await sleep(2000);
  child.kill('SIGCONT');
}

const told = ({ status, body }: Answer) => [status, body.toString()];

test('a process that is suspended time and again for longer than FUNC_TIMEOUT loses no call', async () => {
  const { child, port } = await start("async function* () { yield 'a'; yield 'b'; }", 1);
  let answered = 0;
  let suspended = true;
  const suspending = (async () => {
    for (let turn = 0; turn < SUSPENSIONS; turn++) {
      child.kill('SIGSTOP');
      await sleep(1500);
      child.kill('SIGCONT');
      await sleep(40 + 7 * turn);
    }
    suspended = false;
  })();
  while (suspended) {
    expect(told(await ask(port, {}))).toEqual([200, 'ab']);
    answered++;
  }
  await suspending;
  expect(answered).toBeGreaterThan(SUSPENSIONS);
}, 40_000);

test.each([
  ['that does not wait', "() => { suspend(); return 'done'; }"],
  ['that works on', "() => { suspend(); work(); return 'done'; }"],
  ['that waits', "async () => { suspend(); await null; work(); return 'done'; }"],
  [
    'that has waited',
    "() => new Promise((r) => setTimeout(r, 20)).then(suspend).then(work).then(() => 'done')",
  ],
])('a suspension does not count against a call %s', async (_, source) => {
  const { child, port } = await start(source, 1);
  const asked = ask(port, {});
  await resumeLater(child);
  expect(told(await asked)).toEqual([200, 'done']);
});

test('a suspension does not count against work that belongs to no call', async () => {
  const source = `(event) => {
    if (event.extensions.request.url === '/done') return globalThis.done;
    globalThis.done = 'no';
    setTimeout(() => { suspend(); work(); globalThis.done = 'yes'; }, 20);
    return 'begun';
  }`;
  const { child, port } = await start(source, 1);
  expect(told(await ask(port, {}))).toEqual([200, 'begun']);
  await resumeLater(child);
  expect(told(await ask(port, { path: '/done' }))).toEqual([200, 'yes']);
});

test('a suspension gives no time to a call that loops after it', async () => {
  const { child, port } = await start('() => { for (;;); }', 1);
  child.kill('SIGSTOP');
  await sleep(6000);
  const asked = ask(port, {});
  await sleep(100); // it waits where the process finds it first
  const resumedAt = performance.now();
  child.kill('SIGCONT');
  expect(told(await asked)).toEqual([408, 'Request timeout exceeded']);
  expect(performance.now() - resumedAt).toBeLessThan(3000);
});

test('a call that loops after a suspension is ended in its time', async () => {
  const { child, port } = await start('() => { suspend(); for (;;); }', 1);
  const asked = ask(port, {});
  await resumeLater(child);
  const resumedAt = performance.now();
  expect(told(await asked)).toEqual([408, 'Request timeout exceeded']);
  expect(performance.now() - resumedAt).toBeLessThan(3000);
});
