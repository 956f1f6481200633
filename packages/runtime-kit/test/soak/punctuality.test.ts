import { expect, test } from 'vitest';
import { Punctuality } from '../../src/soak/punctuality.js';

test('lateness begins at the timeout', () => {
  const punctuality = new Punctuality(3000);
  punctuality.wait({ from: 0, to: 3020 });
  punctuality.wait({ from: 0, to: 2990 });
  punctuality.wait({ from: 0, to: 3700 });
  expect(punctuality.result()).toEqual({ timeouts: 3, medianMs: 20, latestMs: 700 });
});

test('the time of a loop beside a call that waits does not count, a loop counts in full', () => {
  const punctuality = new Punctuality(3000);
  punctuality.loop({ from: 1000, to: 4100 });
  punctuality.wait({ from: 0, to: 6050 });
  expect(punctuality.result()).toEqual({ timeouts: 2, medianMs: 100, latestMs: 100 });
});

test('late loops do not hide behind many waits that are in time', () => {
  const punctuality = new Punctuality(1000);
  for (let turn = 0; turn < 20; turn++) punctuality.wait({ from: 0, to: 1010 });
  for (let turn = 0; turn < 3; turn++) punctuality.loop({ from: 10_000, to: 13_000 });
  expect(punctuality.result().medianMs).toBe(2000);
});
