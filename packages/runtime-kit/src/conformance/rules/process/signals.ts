import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import { answers, check, contains, equal, inTime } from '../../testing/expect.js';
import { NoAnswer } from '../../testing/http.js';
import { ENDED_WITHIN_MS, until } from '../../testing/poll.js';

export const signalRules: Rule[] = [
  {
    id: 'process.signals',
    statement: 'On SIGTERM it drains: unhealthy at once, requests in flight finish, exit code 0',
    profile: 'full',
    cases: [
      {
        name: 'a request in flight gets its answer, with connection: close, before the exit',
        run: async (t) => {
          const server = await t.start();
          const inFlight = server.fetch('/sleep?ms=1500');
          await sleep(500);
          await server.signal('SIGTERM');
          let answered = false;
          const exited = server.exit(8000).then(({ code }) => ({ code, answered }));
          exited.catch(() => undefined);
          const answer = await inFlight;
          answered = true;
          answers(answer, { status: 200, text: 'slept' });
          contains(answer.header('connection') ?? '', /close/i, 'header connection');
          const { code, answered: inTime } = await exited;
          check(inTime, 'it exited before the request in flight had its answer');
          equal(code, 0, 'exit code');
        },
      },
      {
        name: 'no new request is taken while the last one finishes',
        run: async (t) => {
          const server = await t.start();
          const inFlight = server.fetch('/sleep?ms=2500');
          await sleep(500);
          await server.signal('SIGTERM');
          await sleep(700);
          const late = await server.fetch('/hello').catch((error: unknown) => error);
          const refused = late instanceof NoAnswer || (late as { status?: number }).status === 503;
          check(
            refused,
            'a new request was answered 700 ms after SIGTERM with no FUNC_DRAIN_DELAY',
          );
          answers(await inFlight, { status: 200, text: 'slept' });
        },
      },
      {
        name: 'for FUNC_DRAIN_DELAY it is unhealthy and serves on',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_DRAIN_DELAY: '2' } });
          const signalled = Date.now();
          await server.signal('SIGTERM');
          await until('503 on /healthz', 700, async () => {
            const answer = await server.fetch('/healthz');
            if (answer.status === 503) answers(answer, { text: 'Draining' });
            return answer.status === 503;
          });
          await sleep(500);
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
          equal((await server.exit(6000)).code, 0, 'exit code');
          const afterMs = Date.now() - signalled;
          check(afterMs >= 1900, `it ended ${afterMs} ms after SIGTERM, before FUNC_DRAIN_DELAY=2`);
        },
      },
      {
        name: 'an idle keep-alive connection is closed and does not hold up the exit',
        run: async (t) => {
          const server = await t.start();
          const idle = await server.raw();
          await idle.write('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n');
          equal((await idle.answered(3000)).status, 200, 'status on the idle connection');
          await server.signal('SIGTERM');
          const { closed } = await idle.wait(4000, (received) => received.closed);
          check(closed, 'the idle connection was still open 4 s after SIGTERM');
          equal((await server.exit(3000)).code, 0, 'exit code');
        },
      },
      {
        name: 'FUNC_SHUTDOWN_TIMEOUT bounds the wait',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_SHUTDOWN_TIMEOUT: '1' } });
          void server.fetch('/sleep?ms=9000');
          await sleep(400);
          const signalled = Date.now();
          await server.signal('SIGTERM');
          await server.exit(7000);
          const afterMs = Date.now() - signalled;
          inTime(afterMs < 4000, `it ended ${afterMs} ms after SIGTERM, FUNC_SHUTDOWN_TIMEOUT=1`);
        },
      },
      {
        name: 'processes that ended leave no zombie',
        run: async (t) => {
          const server = await t.start();
          if ((await server.processes()).length === 0) t.skip('this system shows no processes');
          await server.fetch('/exit?code=3').catch(() => undefined);
          await sleep(ENDED_WITHIN_MS); // the answer may be older than the end
          let seen = '';
          await until(
            'reaping the ended process',
            3000,
            async () => {
              const zombies = (await server.processes()).filter(({ zombie }) => zombie);
              seen = zombies.map(({ pid, command }) => `${pid} ${command}`).join(', ');
              return zombies.length === 0;
            },
            () => `zombies: ${seen}`,
          );
        },
      },
    ],
  },
];
