import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns, Turns } from '../../src/conformance/run/turns.js';

test('work that runs alone has nothing beside it, and holds up nothing for ever', async () => {
  const cells = createTurns();
  const workers = [new Turns(cells), new Turns(cells)];
  let running = 0;
  let isAlone = false;
  const seen: number[] = [];
  const piece = async (): Promise<void> => {
    running++;
    expect(isAlone).toBe(false);
    await sleep(15);
    running--;
  };
  const loner = async (): Promise<void> => {
    isAlone = true;
    seen.push(running);
    await sleep(15);
    isAlone = false;
  };
  const all = Array.from({ length: 24 }, (_, index) => {
    const turns = workers[index % 2] as Turns;
    return index % 6 === 5 ? turns.alone(loner) : turns.among(piece);
  });
  await Promise.all(all);
  expect(seen).toEqual([0, 0, 0, 0]);
});

test('work that fails gives its turn back', async () => {
  const turns = new Turns(createTurns());
  const broken = (): Promise<never> => Promise.reject(new Error('broken'));
  await expect(turns.among(broken)).rejects.toThrow('broken');
  await expect(turns.alone(broken)).rejects.toThrow('broken');
  expect(await turns.alone(async () => 'over')).toBe('over');
});

test('a lane has one piece of work at a time over all workers, and other lanes beside it', async () => {
  const cells = createTurns();
  const running = { loops: 0, works: 0 };
  const most = { loops: 0, works: 0, together: 0 };
  const piece = (lane: 'loops' | 'works') => async (): Promise<void> => {
    running[lane]++;
    most[lane] = Math.max(most[lane], running[lane]);
    most.together = Math.max(most.together, running.loops + running.works);
    await new Promise((resolve) => setTimeout(resolve, 15));
    running[lane]--;
  };
  const workers = [new Turns(cells), new Turns(cells)];
  await Promise.all(
    workers.flatMap((turns) =>
      (['loops', 'works', 'loops'] as const).map((lane) => turns.inLane(lane, piece(lane))),
    ),
  );
  expect(most).toEqual({ loops: 1, works: 1, together: 2 });
});
