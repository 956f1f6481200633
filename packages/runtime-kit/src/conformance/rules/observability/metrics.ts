import { setTimeout as sleep } from 'node:timers/promises';
import { histograms } from '../../prometheus/histogram.js';
import {
  familyOf,
  metricsOf,
  sampleValue,
  strictMetricsOf,
  untilCounted,
} from '../../prometheus/page.js';
import type { Rule } from '../../rule.js';
import { check, equal } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';
import { expectOnlyReads } from './own-pages.js';

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

/** What servers know that go beyond the usual methods. */
const UNUSUAL_METHOD = 'PROPFIND';
const OTHER = 'OTHER';
const LABELS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', OTHER];

/** A server for cases that call by methods of their own. */
const METHODS = 'methods';

const MIB = 2 ** 20;
/** What must be counted of the CPU time that a loop used: small processes come and go uncounted. */
const CPU_SHARE = 0.7;
/** Far more than a loop of 1 s can use, far less than the same in another unit. */
const MUCH_CPU_S = 60;

export const namesRule: Rule = {
  id: 'metrics.names',
  statement: 'The same families, labels, help texts and buckets in every language',
  profile: 'full',
  cases: [
    {
      name: 'families, types, help texts, labels and buckets',
      run: async (t) => {
        const server = await t.start({ env: { FUNC_TIMEOUT: '1' } });
        await server.fetch('/throw');
        await server.fetch('/sleep?ms=5000');
        await server.fetch('/hello', { method: 'POST', body: 'x' });
        const metrics = await untilCounted(server, { GET: 2, POST: 1 });
        equal(sampleValue(metrics, 'function_requests_in_flight'), 0, 'in flight after a timeout');
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
      name: 'a method that is none of the usual ones is OTHER, where it reaches the function',
      run: async (t) => {
        const server = await t.shared({}, METHODS);
        const { status } = await server.fetch('/hello', { method: UNUSUAL_METHOD });
        await server.fetch('/hello');
        const reached = status === 200 ? { [OTHER]: 1 } : {};
        const metrics = await untilCounted(server, { GET: 1, ...reached });
        for (const [name] of FAMILIES)
          for (const { labels } of familyOf(metrics, name).samples)
            check(
              labels.method === undefined || LABELS.includes(labels.method),
              `${name} has the method ${labels.method}, after an answer of ${status}`,
            );
      },
    },
    {
      name: 'GET and HEAD are the methods of the page, any other is refused with 405',
      run: (t) => expectOnlyReads(t, '/metrics'),
    },
    {
      name: 'the gauge rises while a call runs and falls behind it',
      lane: 'waits',
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
        const server = await t.shared({}, METHODS);
        await server.fetch('/sleep?ms=300', { method: 'POST' });
        const metrics = await untilCounted(server, { POST: 1 });
        const found = histograms(familyOf(metrics, 'function_duration_seconds'));
        const series = found.find(({ labels }) => labels.method === 'POST');
        check(series, 'the histogram has no series of POST');
        check(series.sum >= 0.29 && series.sum < 1, `300 ms were counted as ${series.sum} s`);
        equal(series.buckets.find(({ le }) => Number(le) === 0.25)?.count, 0, 'bucket 0.25');
        equal(series.buckets.find(({ le }) => Number(le) === 1)?.count, 1, 'bucket 1');
      },
    },
  ],
};

/** What the page says of its processes, and how. */
export const pageRules: Rule[] = [
  {
    id: 'metrics.process',
    statement: 'CPU, memory and start time, over all processes of the container',
    profile: 'full',
    cases: [
      {
        name: 'CPU that was used is in it, also when its process is gone',
        lane: 'works',
        run: async (t) => {
          const server = await t.shared({ env: { FUNC_TIMEOUT: '1' } }, 'works');
          const counted = async () =>
            sampleValue(await metricsOf(server), 'process_cpu_seconds_total');
          const [countedBefore, usedBefore] = [await counted(), await server.cpuSeconds()];
          check(countedBefore > 0, `process_cpu_seconds_total is ${countedBefore} after a start`);
          await server.fetch('/loop').catch(() => undefined);
          const used = (await server.cpuSeconds()) - usedBefore;
          let grown = 0;
          await until(
            `process_cpu_seconds_total grows by about ${used.toFixed(2)} s, which a loop used`,
            2000,
            async () => {
              grown = (await counted()) - countedBefore;
              return grown >= used * CPU_SHARE;
            },
            () => `it grew by ${grown} s`,
          );
          check(grown < MUCH_CPU_S, `a loop of 1 s was counted as ${grown} s of CPU`);
        },
      },
      {
        name: 'memory and start time are plausible',
        run: async (t) => {
          const server = await t.shared();
          const metrics = await metricsOf(server);
          const memory = sampleValue(metrics, 'process_resident_memory_bytes');
          check(memory > MIB && memory < 4096 * MIB, `resident memory of ${memory} bytes`);
          const started = sampleValue(metrics, 'process_start_time_seconds');
          const age = Date.now() / 1000 - started;
          check(age > -2 && age < 3600, `started ${Math.round(age)} s ago`);
          await sleep(1100);
          const again = sampleValue(await metricsOf(server), 'process_start_time_seconds');
          equal(again, started, 'process_start_time_seconds, asked again');
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
          await strictMetricsOf(server);
          for (const path of ['/hello', '/throw', '/custom', '/stream?chunks=2&ms=1'])
            await server.fetch(path);
          await server.fetch('/hello', { method: 'DELETE' });
          await untilCounted(server, { GET: 4, DELETE: 1 });
          for (const family of (await strictMetricsOf(server)).values())
            if (family.type === 'histogram') histograms(family);
        },
      },
    ],
  },
];
