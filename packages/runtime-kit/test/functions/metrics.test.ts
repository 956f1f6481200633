import { describe, expect, test } from 'vitest';
import { eventHeaders } from '../../src/functions/docker/call.js';
import { methodMetrics } from '../../src/functions/docker/metrics.js';
import { quantile } from '../../src/functions/docker/quantile.js';

const BUCKETS = [
  { le: '0.1', count: 50 },
  { le: '0.2', count: 90 },
  { le: '+Inf', count: 100 },
];

describe('a quantile', () => {
  test.each([
    [0.5, 0.1],
    [0.25, 0.05],
    [0.7, 0.15],
    [0.99, 0.2],
  ])('%d of the histogram is %d', (share, value) => {
    expect(quantile(BUCKETS, 100, share)).toBeCloseTo(value);
  });

  test('of nothing is no number', () => {
    expect(quantile([{ le: '+Inf', count: 0 }], 0, 0.5)).toBeNaN();
  });
});

test('metrics are read by method', () => {
  const page = `# HELP function_calls_total Calls
# TYPE function_calls_total counter
function_calls_total{method="GET"} 4
# HELP function_failures_total Failures
# TYPE function_failures_total counter
function_failures_total{method="GET"} 1
# HELP function_duration_seconds Seconds
# TYPE function_duration_seconds histogram
function_duration_seconds_bucket{method="GET",le="1"} 4
function_duration_seconds_bucket{method="GET",le="+Inf"} 4
function_duration_seconds_sum{method="GET"} 2
function_duration_seconds_count{method="GET"} 4
`;
  expect(methodMetrics(page)).toEqual([
    { method: 'GET', calls: 4, failures: 1, seconds: 2, p50: 0.5, p99: 0.99 },
  ]);
  expect(methodMetrics('<html>')).toEqual([]);
});

describe("an event's headers", () => {
  const time = new Date('2026-01-02T03:04:05.678Z');

  test.each([
    ['{"a": 1}', 'application/json'],
    ['[1]', 'application/x-www-form-urlencoded'],
    ['hello', 'application/x-www-form-urlencoded'],
  ])('of %s are of the type %s', (data, type) => {
    expect(eventHeaders(data, time)).toEqual({
      'event-id': expect.stringMatching(/^[\w-]{11}$/),
      'event-time': '2026-01-02 03:04:05.678 +0000 UTC',
      'event-namespace': 'cli.kubeless.io',
      'event-type': type,
      'content-type': type,
    });
  });

  test('of no data say no type', () => {
    expect(Object.keys(eventHeaders('', time))).toEqual([
      'event-id',
      'event-time',
      'event-namespace',
    ]);
  });
});
