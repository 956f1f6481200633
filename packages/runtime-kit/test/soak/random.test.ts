import { expect, test } from 'vitest';
import { Random } from '../../src/soak/random.js';

const draw = (random: Random) => Array.from({ length: 50 }, () => random.integer(0, 1e6));

test('the same seed makes the same choices, on each connection its own', () => {
  const [one, other] = [new Random(7), new Random(7)];
  expect(draw(one)).toEqual(draw(other));
  expect(draw(one.stream(7, 3))).toEqual(draw(other.stream(7, 3)));
  expect(draw(one.stream(7, 3))).not.toEqual(draw(other.stream(7, 4)));
  expect(draw(one.stream(7, 3))).not.toEqual(draw(other.stream(8, 3)));
});

test('weights decide how often a value comes', () => {
  const random = new Random(1);
  const counts = { often: 0, rarely: 0, never: 0 };
  const values = [
    { name: 'often', weight: 9 },
    { name: 'rarely', weight: 1 },
    { name: 'never', weight: 0 },
  ] as const;
  for (let turn = 0; turn < 10_000; turn++) counts[random.weighted(values).name]++;
  expect(counts.never).toBe(0);
  expect(counts.rarely / 10_000).toBeCloseTo(0.1, 1);
});

test('bytes have the length that was asked for, and are not all the same', () => {
  const random = new Random(1);
  const [one, other] = [random.bytes(1000), random.bytes(1000)];
  expect(one.length).toBe(1000);
  expect(one.equals(other)).toBe(false);
  expect(random.bytes(0).length).toBe(0);
});
