import { expect, test } from 'vitest';
import { threadOptions } from '../src/v8-threads.js';

test.each([
  [1, 1, ['--v8-pool-size=1']],
  [2, 1, ['--v8-pool-size=2']],
  [2, 2, ['--v8-pool-size=1']],
  [3, 2, ['--v8-pool-size=2']],
  [1, 8, ['--v8-pool-size=1']],
  [4, 1, []],
  [64, 2, []],
])('V8 threads of a worker: %i CPUs for %i workers', (cpus, workers, options) => {
  expect(threadOptions(cpus, workers, [])).toEqual(options);
});

test('the V8 threads that an operator wants are left alone', () => {
  expect(threadOptions(1, 1, ['--enable-source-maps', '--v8-pool-size=3'])).toEqual([]);
});
