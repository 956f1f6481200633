import { expect, test } from 'vitest';
import { violationsOf } from '../../src/soak/violations.js';

const MIB = 2 ** 20;

const good = {
  kinds: [{ kind: 'id', calls: 5, right: 4, wrong: 0, lost: 1, p50Ms: 1, p99Ms: 2 }],
  punctuality: { timeouts: 3, medianMs: 500, latestMs: 4000 },
  counters: [{ name: 'function_calls_total', method: 'GET', least: 4, most: 5, actual: 5 }],
  memory: {
    firstMinute: 100 * MIB,
    end: 120 * MIB,
    peak: 200 * MIB,
    growth: 0.2,
    judged: true,
    passed: true,
  },
};

test('a good run has none', () => {
  expect(violationsOf(good, new Map(), [])).toEqual([]);
});

test('each is named with its numbers', () => {
  const found = violationsOf(
    {
      kinds: [{ kind: 'id', calls: 5, right: 3, wrong: 2, lost: 0, p50Ms: 1, p99Ms: 2 }],
      punctuality: { timeouts: 3, medianMs: 501, latestMs: 600 },
      counters: [
        { name: 'function_calls_total', method: 'GET', least: 5, most: 5, actual: 4 },
        { name: 'function_calls_total', method: 'PUT', least: 1, most: 3, actual: 9 },
      ],
      memory: { ...good.memory, end: 150 * MIB, growth: 0.5, passed: false },
    },
    new Map([['id', ['one', 'two']]]),
    ['the server ended'],
  );
  expect(found).toEqual([
    'the server ended',
    'id: 2 of 5 wrong: one; two',
    'timeouts: half of the 408s came 501 ms after FUNC_TIMEOUT or later',
    'metrics: function_calls_total{method="GET"} is 4, the client counted 5',
    'metrics: function_calls_total{method="PUT"} is 9, the client counted 1 to 3',
    'memory: 100.0 MiB after the first minute, 150.0 MiB at the end: 50 % more',
  ]);
});
