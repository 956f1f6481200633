import { metricsOf, sampleValue, untilCounted } from '../../prometheus/page.js';
import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import { equal } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

const LARGE_BYTES = 2 * 2 ** 20;

export const countRules: Rule[] = [
  {
    id: 'metrics.count',
    statement:
      'A call counts once, errors and timeouts as failures too, what is no call not at all',
    profile: 'full',
    cases: [
      {
        name: 'calls, failures and timeouts by method',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '1' } });
          for (let turn = 0; turn < 3; turn++) await server.fetch('/hello');
          await server.fetch('/throw');
          await server.fetch('/async-throw');
          await server.fetch('/sleep?ms=5000');
          await server.fetch('/custom');
          await server.fetch('/stream?chunks=2&ms=1');
          await server.fetch('/hello', { method: 'HEAD' });
          await server.fetch('/echo', { method: 'POST', body: 'x' });
          await server.fetch('/echo', { method: 'OPTIONS' });
          const calls = { GET: 8, HEAD: 1, POST: 1, OPTIONS: 1 };
          const metrics = await untilCounted(server, calls);
          for (const [method, count] of Object.entries(calls))
            equal(
              sampleValue(metrics, 'function_calls_total', method),
              count,
              `calls of ${method}`,
            );
          equal(sampleValue(metrics, 'function_failures_total', 'GET'), 3, 'failures of GET');
          equal(sampleValue(metrics, 'function_timeouts_total', 'GET'), 1, 'timeouts of GET');
          equal(sampleValue(metrics, 'function_failures_total', 'POST'), 0, 'failures of POST');
          const count = sampleValue(metrics, 'function_duration_seconds', 'GET', '_count');
          equal(count, 8, 'count of the histogram for GET');
        },
      },
      {
        name: 'an error that carries a status is a failure too',
        run: async (t) => {
          const server = await t.start();
          await server.fetch('/throw-status');
          await server.fetch('/custom');
          const metrics = await untilCounted(server, { GET: 2 });
          equal(sampleValue(metrics, 'function_calls_total', 'GET'), 2, 'calls of GET');
          equal(sampleValue(metrics, 'function_failures_total', 'GET'), 1, 'failures of GET');
        },
      },
      {
        name: '400, 413, probes, preflights and /metrics count as nothing',
        run: async (t) => {
          const server = await t.start();
          const json = { 'content-type': 'application/json' };
          await server.fetch('/echo', { method: 'POST', headers: json, body: '{"a":' });
          // The connection may close before the client has sent it all.
          await server
            .fetch('/echo', { method: 'PUT', body: Buffer.alloc(LARGE_BYTES, 'a') })
            .catch(() => undefined);
          await server.fetch('/healthz');
          await server.fetch('/metrics');
          await server.fetch('/echo', {
            method: 'OPTIONS',
            headers: { origin: 'http://example.org', 'access-control-request-method': 'PATCH' },
          });
          await server.fetch('/hello');
          const metrics = await untilCounted(server, { GET: 1 });
          equal(sampleValue(metrics, 'function_calls_total', 'GET'), 1, 'calls of GET');
          for (const name of ['function_calls_total', 'function_failures_total'])
            for (const method of ['POST', 'PUT', 'OPTIONS'])
              equal(sampleValue(metrics, name, method), 0, `${name} of ${method}`);
        },
      },
    ],
  },
  {
    id: 'metrics.whole',
    statement: "The numbers are the container's and never fall, a replaced worker included",
    profile: 'full',
    cases: [
      {
        name: 'summed over two workers',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_WORKERS: '2' } });
          await Promise.all(Array.from({ length: 40 }, () => server.fetch('/hello')));
          const counted = await untilCounted(server, { GET: 40 });
          const calls = sampleValue(counted, 'function_calls_total', 'GET');
          for (let turn = 0; turn < 5; turn++) {
            const metrics = await metricsOf(server);
            equal(sampleValue(metrics, 'function_calls_total', 'GET'), calls, 'calls, asked again');
          }
        },
      },
      {
        name: 'kept when a worker dies and when one is stopped',
        limit: 40,
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '1', FUNC_WORKERS: '1' } });
          for (let turn = 0; turn < 5; turn++) await server.fetch('/hello');
          await untilCounted(server, { GET: 5 });
          await server.fetch('/loop').catch(() => undefined);
          await untilServing(server);
          await untilCounted(server, { GET: 6 });
          await server.fetch('/exit?code=3').catch(() => undefined);
          await untilServing(server);
          await server.fetch('/hello');
          // The call that ended its process may or may not be counted.
          await untilCounted(server, { GET: 7 });
        },
      },
    ],
  },
];

/** A worker that ended is replaced in its own time. */
async function untilServing(server: Server): Promise<void> {
  await until('200 on /healthz', 10_000, async () => {
    const answer = await server.fetch('/healthz', { limitMs: 1000 }).catch(() => undefined);
    return answer?.status === 200;
  });
}
