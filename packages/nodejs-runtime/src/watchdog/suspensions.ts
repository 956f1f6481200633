import { BEAT_MS, CELLS, type Cells } from './cells.js';
import { MOMENTS, type Moments, REMEMBERED, sharedNow } from './moments.js';

/** By so much a thread is not late by chance. */
const LATE_MS = BEAT_MS * 4;

/**
 * The watchdog's side. While its thread could not run, the main thread could not run either: the process was
 * suspended, or the machine gave it no processor. Nobody's work is to be ended for that.
 */
export class SuspensionFinder {
  readonly #cells: Cells;
  readonly #moments: Moments;
  readonly #onLate: (milliseconds: number) => void;
  #ranAt = sharedNow();

  /** @param onLate told of every delay, also of one by chance */
  constructor(cells: Cells, moments: Moments, onLate: (milliseconds: number) => void) {
    this.#cells = cells;
    this.#moments = moments;
    this.#onLate = onLate;
    setInterval(() => this.look(), BEAT_MS).unref();
  }

  /** This thread did not run for so long because it did not want to. */
  rested(milliseconds: number): void {
    this.#ranAt += milliseconds;
  }

  /**
   * To be called before anything is decided on how long something took.
   *
   * @returns how many suspensions there were
   */
  look(): number {
    const now = sharedNow();
    const lateMs = Math.max(0, now - this.#ranAt - BEAT_MS);
    this.#ranAt = now;
    this.#onLate(lateMs);
    const found = Atomics.load(this.#cells, CELLS.suspensions);
    if (lateMs > LATE_MS) {
      const place = placeOf(found);
      Atomics.store(this.#moments, place, BigInt(now - lateMs));
      Atomics.store(this.#moments, place + 1, BigInt(now));
      Atomics.store(this.#cells, CELLS.suspensions, found + 1);
    }
    Atomics.add(this.#cells, CELLS.looks, 1);
    Atomics.notify(this.#cells, CELLS.looks);
    return Atomics.load(this.#cells, CELLS.suspensions);
  }
}

/** The main thread's side: of the last so many milliseconds, those for which the process was suspended. */
export function suspendedWithin(cells: Cells, moments: Moments, milliseconds: number): number {
  const now = sharedNow();
  const found = Atomics.load(cells, CELLS.suspensions);
  let sum = 0;
  for (let number = Math.max(0, found - REMEMBERED); number < found; number++) {
    const place = placeOf(number);
    const beganAgo = now - Number(Atomics.load(moments, place));
    const endedAgo = now - Number(Atomics.load(moments, place + 1));
    sum += Math.max(0, Math.min(beganAgo, milliseconds) - endedAgo);
  }
  return sum;
}

function placeOf(number: number): number {
  return MOMENTS.suspended + 2 * (number % REMEMBERED);
}
