import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import { withConnections } from '../../testing/connections.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, equal } from '../../testing/expect.js';
import { fetchWith } from '../../testing/http.js';
import { ENDED_WITHIN_MS, until } from '../../testing/poll.js';

export const failureRules: Rule[] = [
  {
    id: 'failure.isolated',
    statement: 'An error outside a request is logged and does not take the container down',
    profile: 'full',
    cases: [
      {
        name: 'an error 50 ms after the answer',
        run: async (t) => {
          const server = await t.start();
          answers(await server.fetch('/background-error'), { status: 200, text: 'started' });
          await until('background-4711 in the log', 3000, async () =>
            (await server.log()).stderr.includes('background-4711'),
          );
          await sleep(ENDED_WITHIN_MS); // what ends after its last words still serves while it says them
          await servesAgain(server);
        },
      },
    ],
  },
  {
    id: 'failure.exit',
    statement: 'A function that ends its process harms its own caller alone, for at most 2 s',
    profile: 'full',
    cases: [
      ...['/exit?code=3', '/exit?code=0', '/crash'].map((path) => ({
        name: path,
        run: async (t: CaseContext) => {
          const server = await t.start({ env: { FUNC_WORKERS: '2' } });
          // Once more than there are workers: a dead one that is not replaced shows.
          for (let turn = 0; turn < 3; turn++) {
            const answer = await server.fetch(path).catch(() => undefined);
            if (answer) equal(answer.status, 500, `status of ${path}`);
            await servesAgain(server);
          }
        },
      })),
      { name: 'a call in another worker does not notice', run: spareOtherWorker },
    ],
  },
  {
    id: 'failure.memory',
    statement: 'Past the memory limit the worker dies alone or the container ends; nothing hangs',
    profile: 'full',
    cases: [
      {
        name: 'allocating 512 MiB of 160 MiB',
        needs: ['container'],
        lane: 'works',
        run: async (t) => {
          const server = await t.start({ container: { memoryMiB: 160 } });
          const answer = await server.fetch('/allocate?mb=512').catch(() => undefined);
          check(answer?.status !== 200, 'the function could allocate past the limit');
          const served = servesAgain(server).then(() => 'served');
          const ended = server.exit(10_000).then(({ code }) => `exit code ${code}`);
          // Another worker may serve a request while the container is ending.
          const stays = served.then(() => sleep(1000, 'served'));
          const outcome = await Promise.any([stays, ended]);
          check(outcome !== 'exit code 0', 'the container ended as if all were well');
        },
      },
    ],
  },
];

async function spareOtherWorker(t: CaseContext): Promise<void> {
  const server = await t.start({ env: { FUNC_WORKERS: '2' } });
  await withConnections(server, async (byProcess) => {
    const [one, other] = byProcess.map(([connection]) => connection);
    if (!one || !other) return t.skip('one process serves all calls');
    const running = fetchWith(other, '/sleep?ms=1000');
    await sleep(300);
    await fetchWith(one, '/exit?code=3').catch(() => undefined);
    answers(await running, { status: 200, text: 'slept' });
  });
}

/** A new request must succeed within 2 s, however often it has to ask. */
async function servesAgain(server: Server): Promise<void> {
  let last = 'no answer';
  await until(
    'a good answer to a new request',
    2000,
    async () => {
      const answer = await server.fetch('/hello', { limitMs: 500 }).catch((error: Error) => {
        last = error.message;
        return undefined;
      });
      if (answer) last = `status ${answer.status}`;
      return answer?.status === 200 && answer.text() === 'hello world';
    },
    () => last,
  );
}
