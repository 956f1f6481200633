import { expect, test } from 'vitest';
import { bucketOf, COUNTS_BYTES, type Counts, readCounts } from '../src/counts.js';
import { CountsFile } from '../src/supervisor/counts-file.js';
import { renderMetrics } from '../src/supervisor/metrics-page.js';
import { Totals } from '../src/supervisor/totals.js';
import { CallCounts, type Outcome } from '../src/worker/call-counts.js';

const usage = { cpuSeconds: 1.5, residentBytes: 1024, startSeconds: 1_000_000 };

/** A worker's counts, and what writes to them. */
function memory() {
  const file = new Uint8Array(COUNTS_BYTES);
  const counts = new CallCounts((bytes, position) => file.set(bytes, position));
  return { file, counts };
}

function countsOf(outcomes: Outcome[], open: number): Counts {
  const { file, counts } = memory();
  for (const outcome of outcomes) counts.begin('GET').count(outcome, 0.002);
  for (let index = 0; index < open; index++) counts.begin('GET');
  return readCounts(file);
}

test('counts outlive their worker, and calls that were open in it have failed', async () => {
  const totals = new Totals();
  totals.add(countsOf(['answered', 'answered', 'answered'], 2));
  const living = countsOf(['answered', 'answered', 'answered', 'failed'], 0);
  const { text } = await renderMetrics([totals.counts, living], usage);
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

test.each<[Outcome[], number, number]>([
  [['answered', 'answered'], 0, 0],
  [['answered', 'failed'], 1, 0],
  [['failed', 'answered', 'failed'], 1, 0],
  [['failed', 'timed-out'], 1, 1],
  [['timed-out', 'failed', 'answered'], 1, 1],
])(
  'a call that was %s counts once, with %i failures and %i timeouts',
  (outcomes, failures, timeouts) => {
    const { file, counts } = memory();
    const call = counts.begin('PUT');
    expect(readCounts(file).PUT).toMatchObject({ calls: 0, open: 1 });
    for (const outcome of outcomes) call.count(outcome, 0.1);
    const { buckets, ...counted } = readCounts(file).PUT ?? { buckets: [] };
    expect(counted).toEqual({ calls: 1, failures, timeouts, seconds: 0.1, open: 0 });
    expect(buckets.filter(Boolean)).toEqual([1]);
  },
);

test('a write that was cut off at any byte is as if it had not begun, or as if it had ended', () => {
  const file = new Uint8Array(COUNTS_BYTES);
  let last = { bytes: new Uint8Array(), position: 0 };
  const counts = new CallCounts((bytes, position) => {
    last = { bytes: bytes.slice(), position };
    file.set(bytes, position);
  });
  const call = counts.begin('GET');
  for (const outcome of ['answered', 'failed', 'timed-out'] as const) {
    const before = file.slice();
    call.count(outcome, 0.1);
    for (let length = 0; length <= last.bytes.length; length++) {
      const torn = before.slice();
      torn.set(last.bytes.subarray(0, length), last.position);
      expect([readCounts(before), readCounts(file)]).toContainEqual(readCounts(torn));
    }
  }
});

test('a file of counts is found by nobody else, and starts with none', () => {
  const file = new CountsFile();
  expect(file.read()).toEqual({});
  file.close();
  expect(() => file.read()).toThrow('EBADF');
});
