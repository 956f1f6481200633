import { describe, expect, test } from 'vitest';
import { medianOf, pairedRatios, spreadOf } from '../../src/bench/statistics/describe.js';
import { mannWhitney } from '../../src/bench/statistics/mann-whitney.js';

describe('the median', () => {
  test('of an odd number is the middle, of an even one the mean of the two', () => {
    expect(medianOf([9, 1, 5])).toBe(5);
    expect(medianOf([9, 1, 5, 7])).toBe(6);
  });

  test('comes with the least, the greatest and the count; with nothing for nothing', () => {
    expect(spreadOf([3, 1, 2, 10])).toEqual({ median: 2.5, low: 1, high: 10, count: 4 });
    expect(spreadOf([])).toBeUndefined();
    expect(medianOf([])).toBeNaN();
  });
});

test('ratios are taken within a round; a round that one side lacks makes none', () => {
  const ours = new Map([
    [0, 80],
    [1, 40],
    [2, 90],
  ]);
  const bare = new Map([
    [0, 100],
    [1, 50],
    [3, 70],
  ]);
  expect(pairedRatios(ours, bare)).toEqual([0.8, 0.8]);
});

describe('the Mann–Whitney test', () => {
  // Values of scipy.stats.mannwhitneyu(…, method='exact').
  test.each([
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.007936507936507936],
    [[1, 3, 5, 7, 9], [2, 4, 6, 8, 10], 0.6904761904761905],
    [[12.1, 11.9, 12.4, 12.0], [13.0, 12.2, 13.4, 12.9, 13.1], 0.031746031746031744],
    [[1, 2, 3], [4, 5, 6], 0.1],
  ])('of %j and %j is %d', (a, b, p) => {
    expect(mannWhitney(a, b)).toBeCloseTo(p, 12);
    expect(mannWhitney(b, a)).toBeCloseTo(p, 12);
  });

  test('is exact with ties too: counted over all 126 ways to deal the ranks', () => {
    expect(mannWhitney([1, 2, 2, 3], [2, 3, 3, 4, 4])).toBeCloseTo(0.10317460317460317, 12);
  });

  test('of equal values is 1', () => {
    expect(mannWhitney([5, 5, 5], [5, 5, 5])).toBe(1);
  });

  test('of twenty a side takes no time', () => {
    const low = Array.from({ length: 20 }, (_, index) => index);
    const high = low.map((value) => value + 20);
    expect(mannWhitney(low, high)).toBeCloseTo(2 / 137_846_528_820, 15);
  });
});
