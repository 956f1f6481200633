import { expect, test } from 'vitest';
import { Gate } from '../../src/conformance/targets/gate.js';

test('lets two in at a time, in their order, also past one that fails', async () => {
  const gate = new Gate(2);
  const events: string[] = [];
  let inside = 0;
  let most = 0;
  const work = (name: string) =>
    gate.run(async () => {
      most = Math.max(most, ++inside);
      events.push(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
      if (name === 'b') throw new Error('b failed');
      return name;
    });
  const results = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(work));
  expect(events).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(most).toBe(2);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});
