import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import { answers, check } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';
import { TIMED_OUT } from './timeouts.js';

const TIMEOUT_MS = 1000;
/** Calls that end in the same moment: a server that lets function and deadline race gives some a wrong answer. */
const AT_ONCE = 50;
/** The deadline's own tolerance, and what the engine takes to hand on a line of the log. */
const SEEN_WITHIN_MS = TIMEOUT_MS + 500 + 600;

/** How often a function was told so far. */
async function told(server: Server): Promise<number> {
  const { stdout, stderr } = await server.log();
  return (stdout + stderr).split('cancelled-4711').length - 1;
}

export const deadlineRule: Rule = {
  id: 'timeout.context',
  statement: 'A language with cancellation tells the function of the deadline, and answers 408',
  profile: 'full',
  inapplicable: ({ capabilities }) =>
    capabilities.cancellation === 'none'
      ? 'the manifest declares no cancellation: the function is not told of its deadline'
      : undefined,
  cases: [
    {
      name: 'the function sees the cancellation at its deadline',
      lane: 'waits',
      run: async (t) => {
        const server = await t.shared({ env: { FUNC_TIMEOUT: '1' } });
        const before = await told(server);
        const sent = Date.now();
        const answer = server.fetch('/deadline').catch(() => undefined);
        await until(
          'cancelled-4711 in the log',
          SEEN_WITHIN_MS,
          async () => (await told(server)) > before,
        );
        const afterMs = Date.now() - sent;
        check(
          afterMs >= TIMEOUT_MS - 50,
          `it was told ${afterMs} ms after the request, before the timeout of ${TIMEOUT_MS} ms`,
        );
        await answer;
      },
    },
    {
      name: 'functions that end as they are told do not answer',
      lane: 'works',
      run: async (t) => {
        const server = await t.shared({ env: { FUNC_TIMEOUT: '1' } }, 'works');
        const calls = Array.from({ length: AT_ONCE }, () => server.fetch('/deadline'));
        for (const answer of await Promise.all(calls)) answers(answer, TIMED_OUT);
      },
    },
  ],
};
