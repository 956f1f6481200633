import { describe, expect, test } from 'vitest';
import { parseMetrics } from '../../src/conformance/prometheus/parse.js';
import type { Counts } from '../../src/soak/call.js';
import { compareCounters, countersOf, fallen, isEqual } from '../../src/soak/counters.js';

function page(calls: Record<string, number>, histogram = calls): string {
  const family = (name: string, type: string, lines: string[]) =>
    [`# HELP ${name} Help.`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
  const each = (values: Record<string, number>, line: (method: string, n: number) => string) =>
    Object.entries(values).map(([method, n]) => line(method, n));
  return [
    family(
      'function_calls_total',
      'counter',
      each(calls, (method, n) => `function_calls_total{method="${method}"} ${n}`),
    ),
    family(
      'function_duration_seconds',
      'histogram',
      each(histogram, (m, n) => `function_duration_seconds_count{method="${m}"} ${n}`),
    ),
  ].join('');
}

const counters = (...args: Parameters<typeof page>) => countersOf(parseMetrics(page(...args)));
const counts = (least: number, most = least): Counts => ({
  calls: [least, most],
  failures: [0, 0],
  timeouts: [0, 0],
});

function different(...args: Parameters<typeof compareCounters>): string[] {
  return compareCounters(...args)
    .filter((counter) => !isEqual(counter))
    .map(({ name, method }) => `${name} ${method}`);
}

describe('the comparison', () => {
  test('finds nothing where all is equal, absent samples being 0', () => {
    const expected = new Map([
      ['GET', counts(3)],
      ['PUT', counts(0)],
    ]);
    expect(different(expected, counters({ GET: 3 }))).toEqual([]);
  });

  test.each([2, 4])('finds %d calls where there were 3', (actual) => {
    expect(different(new Map([['GET', counts(3)]]), counters({ GET: actual }))).toEqual([
      'function_calls_total GET',
      'function_duration_seconds_count GET',
    ]);
  });

  test('finds a histogram that counts otherwise than the counter', () => {
    const actual = counters({ GET: 3 }, { GET: 2 });
    expect(different(new Map([['GET', counts(3)]]), actual)).toEqual([
      'function_duration_seconds_count GET',
    ]);
  });

  test('leaves open what the contract leaves open, and no more', () => {
    const expected = new Map([['DELETE', counts(1, 3)]]);
    expect(different(expected, counters({ DELETE: 3 }))).toEqual([]);
    expect(different(expected, counters({ DELETE: 0 }))).not.toEqual([]);
    expect(different(expected, counters({ DELETE: 4 }))).not.toEqual([]);
  });

  test('finds methods that nobody used', () => {
    expect(different(new Map(), counters({ TRACE: 1 }))).toEqual([
      'function_calls_total TRACE',
      'function_duration_seconds_count TRACE',
    ]);
  });
});

test('a counter that falls or goes is noticed', () => {
  const before = counters({ GET: 5, PUT: 1 });
  expect(fallen(before, counters({ GET: 5, PUT: 2 }))).toEqual([]);
  expect(fallen(before, counters({ GET: 4 }))).toContain(
    'function_calls_total GET fell from 5 to 4',
  );
  expect(fallen(before, counters({ GET: 5 }))).toContain(
    'function_calls_total PUT fell from 1 to 0',
  );
});
