import { answers, check, contains } from '../../conformance/testing/expect.js';
import type { Answer } from '../../conformance/testing/http.js';
import { FAILED, type Kind, type Limits, TIMED_OUT, UNSETTLED } from '../call.js';

const TEXT = 'text/plain; charset=utf-8';

/** Calls in which the function fails, or comes too late; others on their process notice nothing. */
export const failingKinds: Kind[] = [
  {
    name: 'throw',
    weight: 40,
    make: ({ random }) => ({
      method: 'GET',
      path: random.pick(['/throw', '/async-throw']),
      judge: (answer) =>
        answers(answer, { status: 500, type: TEXT, text: 'Internal Server Error' }),
      counts: FAILED,
    }),
  },
  {
    name: 'status',
    weight: 10,
    make: () => ({
      method: 'POST',
      path: '/throw-status',
      judge: (answer) => {
        answers(answer, { status: 418 });
        contains(answer.text(), 'teapot', 'body of the error');
      },
      counts: FAILED,
    }),
  },
  {
    name: 'broken stream',
    weight: 10,
    make: () => ({
      method: 'GET',
      path: '/stream-throw',
      judge: (answer) => {
        const { status, truncated } = answer;
        const said = `status ${status}, ${truncated ? 'broken off' : 'complete'}`;
        // Where nothing was sent yet when the source failed, there is still time for a 500.
        check(truncated || status === 500, `a stream that fails came as if it were whole: ${said}`);
      },
      mayBreak: true,
      counts: FAILED,
    }),
  },
  {
    // Far longer than FUNC_TIMEOUT and all loops beside it: what they hold up extends the deadline (timeout.spares).
    name: 'late',
    weight: 4,
    make: ({ limits }) => ({
      method: 'GET',
      path: `/sleep?ms=${limits.timeoutMs * 10}`,
      judge: (answer) => timedOut(answer, limits),
      counts: TIMED_OUT,
    }),
  },
  {
    // Its caller does not wait for the answer; PATCH is for such calls alone, and what they count.
    name: 'left',
    weight: 10,
    make: ({ random }) => ({
      method: 'PATCH',
      path: random.pick(['/sleep?ms=400', '/stream?chunks=50&ms=10', '/async']),
      judge: () => {},
      mayBreak: true,
      leavesAfterMs: random.integer(5, 40),
      counts: UNSETTLED,
    }),
  },
];

/** Loops: made one after the other, on a connection of their own. */
export const loopingKind: Kind = {
  name: 'loop',
  weight: 1,
  make: ({ random, limits }) => ({
    method: 'GET',
    path: random.pick(['/loop', '/loop-later']),
    judge: (answer) => timedOut(answer, limits),
    counts: TIMED_OUT,
  }),
};

/** Calls that end their process; DELETE is for them alone, and what they count. */
export const crashingKind: Kind = {
  name: 'crash',
  weight: 1,
  make: ({ random }) => ({
    method: 'DELETE',
    path: random.pick(['/exit?code=3', '/exit?code=0', '/crash']),
    judge: (answer) => answers(answer, { status: 500 }),
    mayBreak: true,
    counts: UNSETTLED,
  }),
};

function timedOut(answer: Answer, { timeoutMs }: Limits): void {
  answers(answer, { status: 408, type: TEXT, text: 'Request timeout exceeded' });
  check(
    answer.durationMs >= timeoutMs - EARLY_MS,
    `408 came after ${Math.round(answer.durationMs)} ms, before FUNC_TIMEOUT`,
  );
}

/** Timers may fire a moment early. */
const EARLY_MS = 50;
