import type { Rule } from '../../rule.js';
import { check } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

const TIMEOUT_MS = 1000;
/** The deadline's own tolerance, and what the engine takes to hand on a line of the log. */
const SEEN_WITHIN_MS = TIMEOUT_MS + 500 + 600;

export const deadlineRule: Rule = {
  id: 'timeout.context',
  statement: 'A language with cancellation tells the function of the deadline',
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
        const sent = Date.now();
        const answer = server.fetch('/deadline');
        await until('cancelled-4711 in the log', SEEN_WITHIN_MS, async () => {
          const { stdout, stderr } = await server.log();
          return (stdout + stderr).includes('cancelled-4711');
        });
        const afterMs = Date.now() - sent;
        check(
          afterMs >= TIMEOUT_MS - 50,
          `it was told ${afterMs} ms after the request, before the timeout of ${TIMEOUT_MS} ms`,
        );
        await answer.catch(() => undefined);
      },
    },
  ],
};
