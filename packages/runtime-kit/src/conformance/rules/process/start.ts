import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import { answers, check, equal, objectOf } from '../../testing/expect.js';
import { fetchFrom, NoAnswer } from '../../testing/http.js';
import { until } from '../../testing/poll.js';
import { expectOnlyReads } from '../observability/own-pages.js';

const OTHER_PORT = '9090';
/** The fixture `slow-load` takes this long. */
const SLOW_LOAD_MS = 4000;

export const startRules: Rule[] = [
  {
    id: 'process.port',
    statement: 'Listens on all interfaces at FUNC_PORT, 8080 if unset',
    profile: 'core',
    cases: [
      {
        name: 'is reached at port 8080 of the container',
        needs: ['container'],
        run: async (t) => answers(await (await t.shared()).fetch('/healthz'), { status: 200 }),
      },
      {
        name: 'is reached at FUNC_PORT',
        needs: ['functions'],
        run: async (t) => {
          const moved = { env: { FUNC_PORT: OTHER_PORT } };
          const server = t.isContainer ? await t.start(moved) : await t.shared();
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
      {
        name: 'is reached at other addresses than the loopback one',
        needs: ['functions'],
        run: async (t) => {
          const { port } = await t.shared();
          // What reaches a container comes through its network interface anyway.
          const host = t.isContainer ? '127.0.0.1' : otherAddress();
          if (host === undefined) t.skip('this machine has no other address');
          answers(await fetchFrom(`http://${host}:${port}`, '/healthz'), { status: 200 });
        },
      },
    ],
  },
  {
    id: 'process.healthz',
    statement: 'GET /healthz answers 200 with OK once the function can be called, not before',
    profile: 'core',
    cases: [
      {
        name: 'answers OK',
        run: async (t) => {
          const answer = await (await t.shared()).fetch('/healthz');
          answers(answer, { status: 200 });
          equal(answer.text().trim(), 'OK', 'body of GET /healthz');
        },
      },
      {
        name: 'answers exactly OK',
        needs: ['functions'],
        run: async (t) =>
          answers(await (await t.shared()).fetch('/healthz'), { status: 200, text: 'OK' }),
      },
      {
        name: 'GET and HEAD are its methods, any other is refused with 405',
        needs: ['functions'],
        run: (t) => expectOnlyReads(t, '/healthz'),
      },
      {
        name: 'is not healthy while the function loads',
        needs: ['functions'],
        run: async (t) => {
          const started = Date.now();
          const server = await t.launch({ fixture: 'slow-load' });
          while (Date.now() < started + SLOW_LOAD_MS - 1000) {
            const seen = await health(server);
            const afterMs = Date.now() - started;
            check(seen === 'closed' || seen === 503, `/healthz: ${seen} ${afterMs} ms after start`);
            await sleep(100);
          }
          await until('200 on /healthz', 15_000, async () => (await health(server)) === 200);
          answers(await server.fetch('/'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
  {
    id: 'process.preload',
    statement: 'The module is loaded once per worker, before the first 200 on /healthz',
    profile: 'full',
    cases: [
      {
        name: 'twenty calls find a module that was loaded once in their process',
        run: async (t) => {
          const server = await t.shared();
          const calls = new Map<unknown, number>();
          for (let index = 0; index < 20; index++) {
            const answer = objectOf(await server.fetch('/loads'));
            const pid = answer.pid;
            equal(answer.loads, 1, `loads of the module in process ${pid}`);
            const before = calls.get(pid) ?? 0;
            const now = Number(answer.calls);
            check(now > before, `process ${pid} lost its state: calls went ${before} → ${now}`);
            calls.set(pid, now);
          }
        },
      },
      {
        name: 'a load of 4 s does not count against FUNC_TIMEOUT=3',
        run: async (t) => {
          const server = await t.start({ fixture: 'slow-load', env: { FUNC_TIMEOUT: '3' } });
          answers(await server.fetch('/'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
];

async function health(server: Server): Promise<number | 'closed'> {
  try {
    return (await server.fetch('/healthz', { limitMs: 1000 })).status;
  } catch (error) {
    if (error instanceof NoAnswer) return 'closed';
    throw error;
  }
}

function otherAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  // Linux answers on the whole of 127.0.0.0/8, so this too tells 0.0.0.0 from 127.0.0.1.
  return found?.address ?? (process.platform === 'linux' ? '127.0.0.2' : undefined);
}
