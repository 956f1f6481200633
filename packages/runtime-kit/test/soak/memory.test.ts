import { expect, test } from 'vitest';
import { compareMemory } from '../../src/soak/memory.js';

const MINUTE = 60_000;

/** A sample a second. */
function samples(durationMs: number, bytesAt: (second: number) => number) {
  return Array.from({ length: durationMs / 1000 }, (_, second) => ({
    atMs: second * 1000,
    bytes: bytesAt(second),
  }));
}

test('memory that stays, with a peak now and then, passes', () => {
  const result = compareMemory(
    samples(10 * MINUTE, (second) => (second % 10 === 0 ? 300 : 100)),
    10 * MINUTE,
  );
  expect(result).toEqual({
    firstMinute: 100,
    end: 100,
    peak: 300,
    growth: 0,
    judged: true,
    passed: true,
  });
});

test('what grows before the first minute is over is warming up', () => {
  const bytesAt = (second: number) => (second < 35 ? second : 100);
  expect(compareMemory(samples(5 * MINUTE, bytesAt), 5 * MINUTE)?.passed).toBe(true);
});

test.each([
  [118, true],
  [122, false],
])('an end at %d %% of the first minute: %s', (end, passed) => {
  const bytesAt = (second: number) => (second <= 150 ? 100 : end);
  expect(compareMemory(samples(5 * MINUTE, bytesAt), 5 * MINUTE)).toMatchObject({ end, passed });
});

test('a leak is found however slow it is', () => {
  const bytesAt = (second: number) => 100 + second / 10;
  expect(compareMemory(samples(10 * MINUTE, bytesAt), 10 * MINUTE)?.passed).toBe(false);
});

test('less memory at the end is no fault', () => {
  const bytesAt = (second: number) => (second <= 150 ? 100 : 50);
  expect(compareMemory(samples(5 * MINUTE, bytesAt), 5 * MINUTE)?.passed).toBe(true);
});

test('a run under two minutes is measured by thirds and not judged', () => {
  const bytesAt = (second: number) => (second <= 12 ? 100 : 200);
  expect(compareMemory(samples(20_000, bytesAt), 20_000)).toMatchObject({
    firstMinute: 100,
    end: 200,
    judged: false,
    passed: true,
  });
});

test('without samples there is no result', () => {
  expect(compareMemory([], MINUTE)).toBeUndefined();
});
