import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, inTime } from '../../testing/expect.js';
import type { Answer } from '../../testing/http.js';
import { until } from '../../testing/poll.js';

/** What the contract allows between the deadline and the answer. */
const GRACE_MS = 500;
const TIMEOUT_MS = 1000;
/** Of endless loops: each keeps a processor busy for as long. */
const LOOP_TIMEOUT_MS = 500;
/** An endless loop that is not answered by now is not stopped. */
const LOOP_LIMIT_MS = 4000;
/** What every language answers a call that ran past FUNC_TIMEOUT. */
export const TIMED_OUT = { status: 408, text: 'Request timeout exceeded' };

const LIMITED = { env: { FUNC_TIMEOUT: '1' } };

const limited = (t: CaseContext): Promise<Server> => t.shared(LIMITED);
/** For endless loops, and their lane: one that is not stopped slows down what comes after it. */
const looping = (t: CaseContext): Promise<Server> =>
  t.shared({ env: { FUNC_TIMEOUT: String(LOOP_TIMEOUT_MS / 1000) } }, 'loops');

function timedOut(answer: Answer, timeoutMs = TIMEOUT_MS): void {
  answers(answer, TIMED_OUT);
  const { durationMs, request } = answer;
  check(
    durationMs >= timeoutMs - 50,
    `${request}: 408 came after ${Math.round(durationMs)} ms, before the timeout of ${timeoutMs} ms`,
  );
  inTime(
    durationMs <= timeoutMs + GRACE_MS,
    `${request}: 408 took ${Math.round(durationMs)} ms, at most ${timeoutMs + GRACE_MS} ms are allowed`,
  );
}

function loop(server: Server, path = '/loop'): Promise<Answer> {
  return server.fetch(path, { limitMs: LOOP_LIMIT_MS });
}

/** CPU seconds that the server uses in a quarter of a second. */
async function busyShare(server: Server): Promise<number> {
  const before = await server.cpuSeconds();
  await sleep(250);
  return (await server.cpuSeconds()) - before;
}

export const timeoutRules: Rule[] = [
  {
    id: 'timeout.wait',
    statement: 'A function that waits past FUNC_TIMEOUT is answered 408 within 0.5 s of it',
    profile: 'full',
    cases: [
      {
        name: 'five at once, waiting past a timeout of 1 s',
        lane: 'waits',
        run: async (t) => {
          const server = await limited(t);
          const late = Array.from({ length: 5 }, () => server.fetch('/sleep?ms=20000'));
          for (const answer of await Promise.all(late)) timedOut(answer);
        },
      },
      {
        name: 'a fraction of a second counts',
        lane: 'waits',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '0.5' } });
          timedOut(await server.fetch('/sleep?ms=20000'), 500);
        },
      },
      {
        name: 'waiting less than the timeout is no timeout',
        run: async (t) =>
          answers(await (await limited(t)).fetch('/sleep?ms=700'), { status: 200, text: 'slept' }),
      },
    ],
  },
  {
    id: 'timeout.cpu-loop',
    statement: 'An endless loop is answered 408 within 0.5 s of FUNC_TIMEOUT',
    profile: 'full',
    cases: [
      {
        name: 'entered at once',
        lane: 'loops',
        run: async (t) => timedOut(await loop(await looping(t)), LOOP_TIMEOUT_MS),
      },
      {
        name: 'entered after a wait',
        lane: 'loops',
        run: async (t) => timedOut(await loop(await looping(t), '/loop-later'), LOOP_TIMEOUT_MS),
      },
      {
        name: 'three times in a row',
        lane: 'loops',
        run: async (t) => {
          const server = await looping(t);
          for (let turn = 0; turn < 3; turn++) timedOut(await loop(server), LOOP_TIMEOUT_MS);
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
  {
    id: 'timeout.stopped',
    statement: 'What timed out is stopped: the CPU is idle within FUNC_TIMEOUT + 2 s of the 408',
    profile: 'full',
    cases: [
      {
        name: 'after a loop',
        lane: 'loops',
        run: async (t) => {
          const server = await looping(t);
          await loop(server).catch(() => undefined);
          let used = 0;
          await until(
            'an idle CPU',
            LOOP_TIMEOUT_MS + 2000,
            async () => {
              used = await busyShare(server);
              return used < 0.03;
            },
            () => `${Math.round(used * 1000)} ms of CPU in the last 250 ms`,
          );
        },
      },
    ],
  },
];
