import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Totals } from '../src/supervisor/totals.js';
import { bundlePrograms, functionFolder } from './programs.js';
import { ask } from './serve.js';
import { startWorker } from './worker.js';

/** A start of a worker each; set it to some hundreds to be thorough. */
const DEATHS = Number(process.env.WORKER_DEATHS || 12);

const FUNCTION = `
exports.handler = ({ extensions: { request, response } }) => {
  if (request.path === '/wait') return new Promise(() => {});
  if (request.path === '/answer-and-die') response.end('last words');
  if (request.path !== '/') process.kill(process.pid, 'SIGKILL');
  return 'hello';
};`;

test(`of ${DEATHS} workers that are killed every call is counted once, as what its client saw`, async () => {
  const programs = bundlePrograms();
  const env = { MOD_ROOT_PATH: functionFolder(FUNCTION) };
  const totals = new Totals();
  const seen = { calls: 0, failures: 0 };
  for (let death = 0; death < DEATHS; death++) {
    const worker = await startWorker(programs, env);
    const exit = once(worker.child, 'exit');
    const call = async (path: string) => {
      const answered = await ask(worker.port, { path }).then(
        () => true,
        () => false,
      );
      seen.calls++;
      if (!answered) seen.failures++;
      return answered;
    };
    await Promise.all([call('/'), call('/'), call('/')]);
    const waiting = call('/wait');
    await expect.poll(() => worker.counts.read().GET?.open).toBe(1);
    // It dies in the turn of its last answer, before it, or as soon as a client has that answer.
    if (death % 3 === 0) expect(await call('/answer-and-die')).toBe(true);
    else if (death % 3 === 1) expect(await call('/die')).toBe(false);
    else await call('/').then(() => worker.child.kill('SIGKILL'));
    expect(await waiting).toBe(false);
    expect(await exit).toEqual([null, 'SIGKILL']);
    totals.add(worker.counts.read());
    worker.counts.close();
    expect(totals.counts.GET).toMatchObject({ ...seen, timeouts: 0, open: 0 });
  }
  expect(seen.calls).toBe(DEATHS * 5);
}, 600_000);
