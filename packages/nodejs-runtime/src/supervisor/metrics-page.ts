import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { type Counts, DURATION_BUCKETS } from '../counts.js';
import type { MetricsPage } from '../messages.js';
import type { ProcessUsage } from './process-usage.js';

type Value = MetricValue<string> & { metricName?: string };
type Metric = MetricObjectWithValues<Value>;

/** Has prom-client sum the parts and write the page, as it does for Node's own clusters. */
export async function renderMetrics(parts: Counts[], usage: ProcessUsage): Promise<MetricsPage> {
  const { AggregatorRegistry } = await import('prom-client'); // a start is shorter without it
  const metrics = [...parts.map(callMetrics), processMetrics(usage)];
  const registry = AggregatorRegistry.aggregate(metrics);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function callMetrics(counts: Counts): Metric[] {
  const methods = Object.entries(counts);
  const values = (pick: 'calls' | 'failures' | 'timeouts') =>
    methods.map(([method, counts]) => ({ labels: { method }, value: counts[pick] }));
  const inFlight = methods.reduce((sum, [, { open }]) => sum + open, 0);
  return [
    metric('function_calls_total', 'Calls of the function.', 'counter', values('calls')),
    metric(
      'function_failures_total',
      'Calls that ended in an error or a timeout.',
      'counter',
      values('failures'),
    ),
    metric(
      'function_timeouts_total',
      'Calls that ran past FUNC_TIMEOUT.',
      'counter',
      values('timeouts'),
    ),
    metric(
      'function_duration_seconds',
      'Duration of the calls in seconds.',
      'histogram',
      methods.flatMap(([method, counts]) => histogram(method, counts.buckets, counts.seconds)),
    ),
    metric('function_requests_in_flight', 'Calls that are running now.', 'gauge', [
      { labels: {}, value: inFlight },
    ]),
  ];
}

/** Prometheus's buckets are cumulative: each holds the ones before it. */
function histogram(method: string, buckets: number[], seconds: number): Value[] {
  const metricName = 'function_duration_seconds';
  let count = 0;
  const values: Value[] = buckets.map((calls, index) => {
    count += calls;
    const le = DURATION_BUCKETS[index] ?? '+Inf';
    return { labels: { le, method }, value: count, metricName: `${metricName}_bucket` };
  });
  values.push({ labels: { method }, value: seconds, metricName: `${metricName}_sum` });
  values.push({ labels: { method }, value: count, metricName: `${metricName}_count` });
  return values;
}

function processMetrics({ cpuSeconds, residentBytes, startSeconds }: ProcessUsage): Metric[] {
  return [
    metric(
      'process_cpu_seconds_total',
      'Total user and system CPU time spent in seconds.',
      'counter',
      [{ labels: {}, value: cpuSeconds }],
    ),
    metric('process_resident_memory_bytes', 'Resident memory size in bytes.', 'gauge', [
      { labels: {}, value: residentBytes },
    ]),
    metric(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      'gauge',
      [{ labels: {}, value: startSeconds }],
    ),
  ];
}

/** The types say enum, the values are the words. */
function metric(name: string, help: string, type: string, values: Value[]): Metric {
  return { name, help, type, values, aggregator: 'sum' } as unknown as Metric;
}
