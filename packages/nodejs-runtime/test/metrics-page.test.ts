import { expect, test } from 'vitest';
import { COUNTS_BYTES, type Counts, DURATION_BUCKETS, readCounts } from '../src/counts.js';
import { renderMetrics } from '../src/supervisor/metrics-page.js';
import { processUsage } from '../src/supervisor/process-usage.js';
import { CallCounts } from '../src/worker/call-counts.js';

const usage = { cpuSeconds: 1.5, residentBytes: 1024, startSeconds: 1_000_000 };

function countsOf(work: (counts: CallCounts) => void): Counts {
  const file = new Uint8Array(COUNTS_BYTES);
  work(new CallCounts((bytes, position) => file.set(bytes, position)));
  return readCounts(file);
}

test('names, types and help texts are those of the contract, also before the first call', async () => {
  const { contentType, text } = await renderMetrics([countsOf(() => {})], usage);
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# HELP function_calls_total Calls of the function.',
    '# TYPE function_calls_total counter',
    '# HELP function_failures_total Calls that ended in an error or a timeout.',
    '# TYPE function_failures_total counter',
    '# HELP function_timeouts_total Calls that ran past FUNC_TIMEOUT.',
    '# TYPE function_timeouts_total counter',
    '# HELP function_duration_seconds Duration of the calls in seconds.',
    '# TYPE function_duration_seconds histogram',
    '# HELP function_requests_in_flight Calls that are running now.',
    '# TYPE function_requests_in_flight gauge',
    '# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.',
    '# TYPE process_cpu_seconds_total counter',
    '# HELP process_resident_memory_bytes Resident memory size in bytes.',
    '# TYPE process_resident_memory_bytes gauge',
    '# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.',
    '# TYPE process_start_time_seconds gauge',
  ]);
});

test('calls of all workers are summed, by method and outcome', async () => {
  const workers = [1, 2].map(() =>
    countsOf((counts) => {
      counts.begin('GET').count('answered', 0.002);
      counts.begin('GET').count('timed-out', 500);
      counts.begin('POST').count('failed', 0.05);
      counts.begin('POST');
    }),
  );
  const { text } = await renderMetrics(workers, usage);
  const lines = text.split('\n');
  for (const line of [
    'function_calls_total{method="GET"} 4',
    'function_calls_total{method="POST"} 2',
    'function_failures_total{method="GET"} 2',
    'function_timeouts_total{method="GET"} 2',
    'function_failures_total{method="POST"} 2',
    'function_timeouts_total{method="POST"} 0',
    'function_duration_seconds_bucket{le="180",method="GET"} 2',
    'function_duration_seconds_bucket{le="+Inf",method="GET"} 4',
    'function_duration_seconds_sum{method="GET"} 1000.004',
    'function_duration_seconds_count{method="GET"} 4',
    'function_requests_in_flight 2',
    'process_cpu_seconds_total 1.5',
  ])
    expect(lines).toContain(line);
  const bounds = [...text.matchAll(/_bucket\{le="([^"]+)",method="GET"\}/g)].map(([, le]) => le);
  expect(bounds).toEqual([...DURATION_BUCKETS.map(String), '+Inf']);
});

test('usage is that of this process and its children', () => {
  const { cpuSeconds, residentBytes, startSeconds } = processUsage();
  expect(cpuSeconds).toBeGreaterThan(0);
  expect(residentBytes).toBeGreaterThan(2 ** 20);
  expect(startSeconds).toBeLessThanOrEqual(Date.now() / 1000);
  expect(startSeconds).toBeGreaterThan(Date.now() / 1000 - 3600);
});
