import { setTimeout as sleep } from 'node:timers/promises';
import { LANES, type Lane } from '../rule.js';

const POLL_MS = 10;
const RUNNING = 0;
const ALONE = 1;
const FIRST_LANE = 2;

/** Memory that the workers of all targets share, so that they can make way for each other. */
export function createTurns(): Int32Array {
  return new Int32Array(
    new SharedArrayBuffer((FIRST_LANE + LANES.length) * Int32Array.BYTES_PER_ELEMENT),
  );
}

/** Whether work of all workers goes on side by side, or one piece of it has the machine to itself. */
export class Turns {
  constructor(private readonly cells: Int32Array) {}

  /** Runs work beside others; it begins when nothing that runs alone is waiting or running. */
  async among<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      Atomics.sub(this.cells, RUNNING, 1);
    }
  }

  /** Runs work when all other work has ended, and lets none begin meanwhile. */
  alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.holding(ALONE, async () => {
      while (Atomics.load(this.cells, RUNNING) > 0) await sleep(POLL_MS);
      return work();
    });
  }

  /** Runs work when no other worker has any of the same lane under way. */
  inLane<Result>(lane: Lane, work: () => Promise<Result>): Promise<Result> {
    return this.holding(FIRST_LANE + LANES.indexOf(lane), work);
  }

  private async holding<Result>(cell: number, work: () => Promise<Result>): Promise<Result> {
    while (Atomics.compareExchange(this.cells, cell, 0, 1) !== 0) await sleep(POLL_MS);
    try {
      return await work();
    } finally {
      Atomics.store(this.cells, cell, 0);
    }
  }

  private async enter(): Promise<void> {
    for (;;) {
      Atomics.add(this.cells, RUNNING, 1);
      if (Atomics.load(this.cells, ALONE) === 0) return;
      Atomics.sub(this.cells, RUNNING, 1);
      await sleep(POLL_MS);
    }
  }
}
