import type { Family } from '../conformance/prometheus/parse.js';
import type { Count, Counts } from './call.js';

/** Metrics by the name of what they count. */
const FAMILIES: Record<keyof Counts, string> = {
  calls: 'function_calls_total',
  failures: 'function_failures_total',
  timeouts: 'function_timeouts_total',
};

/** One counter of one method: what the client made, and what the server says. */
export interface CounterResult {
  name: string;
  method: string;
  least: number;
  most: number;
  actual: number;
}

/** The counters of a page by name and method. */
export type Counters = Map<string, number>;

export function countersOf(page: Map<string, Family>): Counters {
  const found: Counters = new Map();
  for (const name of Object.values(FAMILIES))
    for (const { labels, value } of page.get(name)?.samples ?? [])
      found.set(keyOf(name, labels.method ?? ''), value);
  for (const { name, labels, value } of page.get('function_duration_seconds')?.samples ?? [])
    if (name === 'function_duration_seconds_count')
      found.set(keyOf(name, labels.method ?? ''), value);
  return found;
}

/** What the counters are beside what the client's own count says they must be. */
export function compareCounters(expected: Map<string, Counts>, actual: Counters): CounterResult[] {
  const wanted = new Map<string, { name: string; method: string; count: Count }>();
  for (const [method, counts] of expected) {
    for (const [of, name] of Object.entries(FAMILIES) as [keyof Counts, string][])
      wanted.set(keyOf(name, method), { name, method, count: counts[of] });
    const name = 'function_duration_seconds_count';
    wanted.set(keyOf(name, method), { name, method, count: counts.calls });
  }
  // A method that nobody used must not be there, or be 0.
  for (const key of actual.keys())
    if (!wanted.has(key)) {
      const [name = '', method = ''] = key.split(' ');
      wanted.set(key, { name, method, count: [0, 0] });
    }
  return [...wanted].map(
    ([
      key,
      {
        name,
        method,
        count: [least, most],
      },
    ]) => {
      return { name, method, least, most, actual: actual.get(key) ?? 0 };
    },
  );
}

export function isEqual({ least, most, actual }: CounterResult): boolean {
  return actual >= least && actual <= most;
}

/** Those that are less than they were: counters never fall. */
export function fallen(before: Counters, after: Counters): string[] {
  return [...before]
    .filter(([key, value]) => (after.get(key) ?? 0) < value)
    .map(([key, value]) => `${key} fell from ${value} to ${after.get(key) ?? 0}`);
}

function keyOf(name: string, method: string): string {
  return `${name} ${method}`;
}
