import { expect, test } from 'vitest';
import { DURATION_BUCKETS, type MethodCounts } from '../src/messages.js';
import { familyOf, parseStat } from '../src/processes.js';
import { renderMetrics } from '../src/supervisor/metrics-page.js';
import { Totals } from '../src/supervisor/totals.js';
import { bucketOf } from '../src/worker/call-counts.js';

const usage = { cpuSeconds: 1.5, residentBytes: 1024, startSeconds: 1_000_000 };

function counts(calls: number, failures = 0): MethodCounts {
  const buckets = new Array<number>(DURATION_BUCKETS.length + 1).fill(0);
  buckets[1] = calls;
  return { calls, failures, timeouts: 0, seconds: calls * 0.002, buckets };
}

test('counts outlive their worker, and calls that ran in it have failed', async () => {
  const totals = new Totals<string>();
  totals.report('first', { byMethod: { GET: counts(3) }, running: { GET: 2 } });
  totals.report('second', { byMethod: { GET: counts(4, 1) }, running: {} });
  totals.retire('first');
  const { text } = await renderMetrics(totals.parts(), usage);
  expect(text).toContain('function_calls_total{method="GET"} 9\n');
  expect(text).toContain('function_failures_total{method="GET"} 3\n');
  expect(text).toContain('function_requests_in_flight 0\n');
  expect(text).toContain('function_duration_seconds_bucket{le="0.001",method="GET"} 0\n');
  expect(text).toContain('function_duration_seconds_bucket{le="0.0025",method="GET"} 7\n');
  expect(text).toContain('function_duration_seconds_bucket{le="+Inf",method="GET"} 7\n');
});

test('a duration falls into the first bucket that holds it', () => {
  expect([0, 0.001, 0.0011, 180, 181].map(bucketOf)).toEqual([0, 0, 1, 15, 16]);
});

test('a command with spaces and parentheses does not shift the fields of its stat', () => {
  const fields = Array.from({ length: 30 }, (_, index) => index + 3).join(' ');
  const stat = parseStat(7, `7 (a (b) c) ${fields}`);
  expect(stat).toEqual({
    pid: 7,
    parent: 4,
    state: '3',
    ticks: 14 + 15 + 16 + 17,
    startTicks: 22,
    pages: 24,
  });
});

test('a family is a process with all its descendants and nobody else', () => {
  const stat = (pid: number, parent: number) => ({
    pid,
    parent,
    state: 'S',
    ticks: 0,
    startTicks: 0,
    pages: 0,
  });
  const processes = [stat(1, 0), stat(5, 1), stat(6, 5), stat(7, 6), stat(8, 1)];
  expect(familyOf(5, processes).map(({ pid }) => pid)).toEqual([5, 6, 7]);
});
