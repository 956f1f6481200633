import { setTimeout as sleep } from 'node:timers/promises';
import { histograms } from '../../prometheus/histogram.js';
import { familyOf, metricsOf, sampleValue, untilCounted } from '../../prometheus/page.js';
import type { Rule } from '../../rule.js';
import { answers, check, equal } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

const FAMILIES = [
  ['function_calls_total', 'counter', 'Calls of the function.'],
  ['function_failures_total', 'counter', 'Calls that ended in an error or a timeout.'],
  ['function_timeouts_total', 'counter', 'Calls that ran past FUNC_TIMEOUT.'],
  ['function_duration_seconds', 'histogram', 'Duration of the calls in seconds.'],
  ['function_requests_in_flight', 'gauge', 'Calls that are running now.'],
] as const;

const BUCKETS = '0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 180 +Inf'.split(
  ' ',
);

const MIB = 2 ** 20;

export const metricRules: Rule[] = [
  {
    id: 'metrics.names',
    statement: 'The same families, labels, help texts and buckets in every language',
    profile: 'full',
    cases: [
      {
        name: 'families, types, help texts, labels and buckets',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '0.3' } });
          await server.fetch('/throw');
          await server.fetch('/sleep?ms=5000');
          await server.fetch('/hello', { method: 'POST', body: 'x' });
          const metrics = await untilCounted(server, 'GET', 2);
          for (const [name, type, help] of FAMILIES) {
            const family = familyOf(metrics, name);
            equal(family.type, type, `type of ${name}`);
            equal(family.help, help, `help of ${name}`);
            const labels = new Set(family.samples.flatMap((sample) => Object.keys(sample.labels)));
            labels.delete('le');
            equal([...labels], type === 'gauge' ? [] : ['method'], `labels of ${name}`);
          }
          const calls = familyOf(metrics, 'function_calls_total').samples;
          equal(calls.map(({ labels }) => labels.method).sort(), ['GET', 'POST'], 'methods');
          for (const { buckets } of histograms(familyOf(metrics, 'function_duration_seconds')))
            equal(
              buckets.map(({ le }) => (le === '+Inf' ? le : String(Number(le)))),
              BUCKETS,
              'buckets',
            );
        },
      },
      {
        name: 'the gauge rises while a call runs and falls behind it',
        alone: true,
        run: async (t) => {
          const server = await t.start();
          const calls = [1, 2].map(() => server.fetch('/sleep?ms=1500'));
          await until('function_requests_in_flight 2', 1200, async () => {
            const metrics = await metricsOf(server);
            return sampleValue(metrics, 'function_requests_in_flight') === 2;
          });
          await Promise.all(calls);
          await until('function_requests_in_flight 0', 1000, async () => {
            const metrics = await metricsOf(server);
            return sampleValue(metrics, 'function_requests_in_flight') === 0;
          });
        },
      },
      {
        name: 'durations are seconds',
        run: async (t) => {
          const server = await t.start();
          await server.fetch('/sleep?ms=300');
          const metrics = await untilCounted(server, 'GET', 1);
          const [series] = histograms(familyOf(metrics, 'function_duration_seconds'));
          check(series, 'the histogram has no series');
          check(series.sum >= 0.29 && series.sum < 1, `300 ms were counted as ${series.sum} s`);
          equal(series.buckets.find(({ le }) => Number(le) === 0.25)?.count, 0, 'bucket 0.25');
          equal(series.buckets.find(({ le }) => Number(le) === 1)?.count, 1, 'bucket 1');
        },
      },
    ],
  },
  {
    id: 'metrics.count',
    statement:
      'A call counts once, errors and timeouts as failures too, what is no call not at all',
    profile: 'full',
    cases: [
      {
        name: 'calls, failures and timeouts by method',
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '0.5' } });
          for (let turn = 0; turn < 3; turn++) await server.fetch('/hello');
          await server.fetch('/throw');
          await server.fetch('/async-throw');
          await server.fetch('/sleep?ms=5000');
          await server.fetch('/custom');
          await server.fetch('/echo', { method: 'POST', body: 'x' });
          await server.fetch('/echo', { method: 'OPTIONS' });
          const metrics = await untilCounted(server, 'GET', 7);
          equal(sampleValue(metrics, 'function_failures_total', 'GET'), 3, 'failures of GET');
          equal(sampleValue(metrics, 'function_timeouts_total', 'GET'), 1, 'timeouts of GET');
          equal(sampleValue(metrics, 'function_calls_total', 'POST'), 1, 'calls of POST');
          equal(sampleValue(metrics, 'function_calls_total', 'OPTIONS'), 1, 'calls of OPTIONS');
          equal(sampleValue(metrics, 'function_failures_total', 'POST'), 0, 'failures of POST');
          const series = histograms(familyOf(metrics, 'function_duration_seconds'));
          const count = series.find(({ labels }) => labels.method === 'GET')?.count;
          equal(count, 7, 'count of the histogram for GET');
        },
      },
      {
        name: '400, 413, probes, preflights and /metrics count as nothing',
        run: async (t) => {
          const server = await t.start();
          const json = { 'content-type': 'application/json' };
          const bad = await server.fetch('/echo', { method: 'POST', headers: json, body: '{"a":' });
          answers(bad, { status: 400 });
          const large = await server
            .fetch('/echo', { method: 'PUT', body: Buffer.alloc(2 * MIB, 'a') })
            .catch(() => undefined);
          if (large) answers(large, { status: 413 });
          await server.fetch('/healthz');
          await server.fetch('/metrics');
          await server.fetch('/echo', {
            method: 'OPTIONS',
            headers: { origin: 'http://example.org', 'access-control-request-method': 'PATCH' },
          });
          await server.fetch('/hello');
          const metrics = await untilCounted(server, 'GET', 1);
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
          await untilCounted(server, 'GET', 40);
          for (let turn = 0; turn < 5; turn++) {
            const metrics = await metricsOf(server);
            equal(sampleValue(metrics, 'function_calls_total', 'GET'), 40, 'calls, asked again');
          }
        },
      },
      {
        name: 'kept when a worker dies and when one is stopped',
        limit: 40,
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '1', FUNC_WORKERS: '1' } });
          for (let turn = 0; turn < 5; turn++) await server.fetch('/hello');
          await untilCounted(server, 'GET', 5);
          await server.fetch('/loop');
          const looped = await untilCounted(server, 'GET', 6);
          equal(sampleValue(looped, 'function_timeouts_total', 'GET'), 1, 'timeouts after a loop');
          await server.fetch('/exit?code=3').catch(() => undefined);
          await until('an answer after the exit', 3000, async () => {
            const answer = await server.fetch('/hello').catch(() => undefined);
            return answer?.status === 200;
          });
          await sleep(100);
          // The call that ended its process may or may not be counted.
          const after = sampleValue(await metricsOf(server), 'function_calls_total', 'GET');
          check(after >= 7, `calls fell to ${after} after 6 calls, an exit and another call`);
        },
      },
    ],
  },
  {
    id: 'metrics.process',
    statement: 'CPU, memory and start time, over all processes of the container',
    profile: 'full',
    cases: [
      {
        name: 'CPU that was used is in it, also when its process is gone',
        alone: true,
        run: async (t) => {
          const server = await t.start({ env: { FUNC_TIMEOUT: '1' } });
          const cpu = async () => sampleValue(await metricsOf(server), 'process_cpu_seconds_total');
          const before = await cpu();
          check(before > 0, `process_cpu_seconds_total is ${before} after a start`);
          answers(await server.fetch('/loop'), { status: 408 });
          await until(
            'process_cpu_seconds_total grows by 0.5 s after a loop of 1 s',
            2000,
            async () => (await cpu()) >= before + 0.5,
          );
        },
      },
      {
        name: 'memory and start time are plausible',
        run: async (t) => {
          const metrics = await metricsOf(await t.shared());
          const memory = sampleValue(metrics, 'process_resident_memory_bytes');
          check(memory > MIB && memory < 4096 * MIB, `resident memory of ${memory} bytes`);
          const age = Date.now() / 1000 - sampleValue(metrics, 'process_start_time_seconds');
          check(age > -2 && age < 3600, `started ${Math.round(age)} s ago`);
        },
      },
    ],
  },
  {
    id: 'metrics.parse',
    statement: 'The page is well-formed Prometheus text',
    profile: 'full',
    cases: [
      {
        name: 'before the first call and after calls of every kind',
        run: async (t) => {
          const server = await t.start();
          await metricsOf(server);
          for (const path of ['/hello', '/throw', '/custom', '/stream?chunks=2&ms=1'])
            await server.fetch(path);
          await server.fetch('/hello', { method: 'DELETE' });
          const metrics = await untilCounted(server, 'GET', 4);
          for (const family of metrics.values())
            if (family.type === 'histogram') histograms(family);
        },
      },
    ],
  },
];
