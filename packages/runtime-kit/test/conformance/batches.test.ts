import { expect, test } from 'vitest';
import { Batches } from '../../src/conformance/targets/batches.js';

test('what comes while a batch is under way goes with the next, each piece once', async () => {
  const seen: number[][] = [];
  const batches = new Batches<number>(async (pieces) => {
    seen.push(pieces);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const first = [1, 2].map((piece) => batches.add(piece));
  await Promise.resolve();
  await Promise.resolve();
  const second = [3, 4].map((piece) => batches.add(piece));
  await Promise.all([...first, ...second]);
  await batches.add(5);
  expect(seen).toEqual([[1, 2], [3, 4], [5]]);
});

test('a batch that fails fails for its own pieces alone', async () => {
  const batches = new Batches<string>(async (pieces) => {
    if (pieces.includes('bad')) throw new Error('refused');
  });
  const refused = [batches.add('bad'), batches.add('beside it')];
  await expect(refused[0]).rejects.toThrow('refused');
  await expect(refused[1]).rejects.toThrow('refused');
  await expect(batches.add('good')).resolves.toBeUndefined();
});
