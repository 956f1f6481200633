import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import { withConnections } from '../../testing/connections.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, inTime } from '../../testing/expect.js';
import { fetchWith } from '../../testing/http.js';

const LIMITED = { env: { FUNC_TIMEOUT: '1' } };
/** "At once", for a request behind the 408. */
const AT_ONCE_MS = 500;
/** An endless loop that is not answered by now is not stopped. */
const LOOP_LIMIT_MS = 4000;

export const spareRule: Rule = {
  id: 'timeout.spares',
  statement: 'Other requests in flight get their own answers, a new one is served at once',
  profile: 'full',
  cases: [
    { name: 'requests begun before and during the loop', lane: 'works', run: spareBesideLoop },
    { name: 'calls in time beside calls past the timeout', lane: 'waits', run: spareBesideWait },
  ],
};

async function spareBesideLoop(t: CaseContext): Promise<void> {
  const server = await t.shared(LIMITED, 'works');
  await withConnections(server, async ([connections = []]) => {
    const [first, ...others] = connections;
    if (!first) return;
    const before = others.slice(0, 3).map((other) => fetchWith(other, '/sleep?ms=700'));
    await sleep(300);
    const loop = fetchWith(first, '/loop', { limitMs: LOOP_LIMIT_MS }).catch(() => undefined);
    await sleep(300);
    const during = [1, 2, 3].map((id) => server.fetch(`/id?id=during-${id}`));
    const slow = server.fetch('/sleep?ms=600');
    await loop;
    const after = await server.fetch('/id?id=after');
    answers(after, { status: 200, text: 'after' });
    inTime(
      after.durationMs < AT_ONCE_MS,
      `a request after the 408 took ${Math.round(after.durationMs)} ms`,
    );
    for (const answer of await Promise.all([...before, slow]))
      answers(answer, { status: 200, text: 'slept' });
    for (const [index, answer] of (await Promise.all(during)).entries())
      answers(answer, { status: 200, text: `during-${index + 1}` });
  });
}

async function spareBesideWait(t: CaseContext): Promise<void> {
  await withConnections(await t.shared(LIMITED), async ([connections = []]) => {
    const six = connections.slice(0, 6);
    const late = six.splice(0, six.length / 2).map((one) => fetchWith(one, '/sleep?ms=20000'));
    await sleep(500);
    const inTime = six.map((one) => fetchWith(one, '/sleep?ms=600'));
    for (const answer of await Promise.all(inTime)) answers(answer, { status: 200, text: 'slept' });
    await Promise.allSettled(late);
  });
}
