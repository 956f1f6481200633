import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check } from '../../testing/expect.js';
import type { Answer } from '../../testing/http.js';
import { until } from '../../testing/poll.js';

/** What the contract allows between the deadline and the answer. */
const GRACE_MS = 500;
const TIMEOUT_MS = 1000;
const TIMEOUT_BODY = 'Request timeout exceeded';

const limited = (t: CaseContext): Promise<Server> => t.shared({ env: { FUNC_TIMEOUT: '1' } });

function timedOut(answer: Answer, timeoutMs = TIMEOUT_MS): void {
  answers(answer, { status: 408, text: TIMEOUT_BODY });
  const { durationMs, request } = answer;
  check(
    durationMs >= timeoutMs - 50,
    `${request}: 408 came after ${Math.round(durationMs)} ms, before the timeout of ${timeoutMs} ms`,
  );
  check(
    durationMs <= timeoutMs + GRACE_MS,
    `${request}: 408 took ${Math.round(durationMs)} ms, at most ${timeoutMs + GRACE_MS} ms are allowed`,
  );
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
        name: 'waiting past a timeout of 1 s',
        alone: true,
        run: async (t) => timedOut(await (await limited(t)).fetch('/sleep?ms=20000')),
      },
      {
        name: 'a fraction of a second counts',
        alone: true,
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
        alone: true,
        run: async (t) => timedOut(await (await limited(t)).fetch('/loop')),
      },
      {
        name: 'entered after a wait',
        alone: true,
        run: async (t) => timedOut(await (await limited(t)).fetch('/loop-later')),
      },
      {
        name: 'three times in a row',
        alone: true,
        run: async (t) => {
          const server = await limited(t);
          for (let turn = 0; turn < 3; turn++) timedOut(await server.fetch('/loop'));
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
        alone: true,
        run: async (t) => {
          const server = await limited(t);
          timedOut(await server.fetch('/loop'));
          let used = 0;
          await until(
            'an idle CPU',
            TIMEOUT_MS + 2000,
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
  {
    id: 'timeout.spares',
    statement: 'Other requests in flight get their own answers, a new one is served at once',
    profile: 'full',
    cases: [
      {
        name: 'requests begun before and during the loop',
        alone: true,
        run: async (t) => {
          const server = await limited(t);
          const before = [1, 2, 3].map(() => server.fetch('/sleep?ms=900'));
          await sleep(300);
          const loop = server.fetch('/loop');
          await sleep(300);
          const during = [1, 2, 3].map((id) => server.fetch(`/id?id=during-${id}`));
          const slow = server.fetch('/sleep?ms=600');
          timedOut(await loop);
          const after = await server.fetch('/id?id=after');
          answers(after, { status: 200, text: 'after' });
          check(
            after.durationMs < GRACE_MS,
            `a request after the 408 took ${Math.round(after.durationMs)} ms`,
          );
          for (const answer of await Promise.all([...before, slow]))
            answers(answer, { status: 200, text: 'slept' });
          for (const [index, answer] of (await Promise.all(during)).entries())
            answers(answer, { status: 200, text: `during-${index + 1}` });
        },
      },
      {
        name: 'five waiting past the timeout, five in time',
        alone: true,
        run: async (t) => {
          const server = await limited(t);
          const late = Array.from({ length: 5 }, () => server.fetch('/sleep?ms=20000'));
          const inTime = Array.from({ length: 5 }, () => server.fetch('/sleep?ms=500'));
          for (const answer of await Promise.all(inTime))
            answers(answer, { status: 200, text: 'slept' });
          for (const answer of await Promise.all(late)) answers(answer, { status: 408 });
        },
      },
    ],
  },
  {
    id: 'timeout.context',
    statement: 'A language with cancellation tells the function of the deadline',
    profile: 'full',
    inapplicable: ({ capabilities }) =>
      capabilities.cancellation === 'none'
        ? 'the manifest declares no cancellation: the function is not told of its deadline'
        : undefined,
    cases: [
      {
        name: 'the function sees the cancellation, the caller 408',
        alone: true,
        run: async (t) => {
          const server = await limited(t);
          timedOut(await server.fetch('/deadline'));
          await until('cancelled-4711 in the log', 1000, async () => {
            const { stdout, stderr } = await server.log();
            return (stdout + stderr).includes('cancelled-4711');
          });
        },
      },
    ],
  },
];
