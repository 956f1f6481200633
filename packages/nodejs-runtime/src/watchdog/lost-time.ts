import { BEAT_MS, CELLS, type Cells } from './cells.js';

/** By so much a thread is not late by chance. */
const SUSPENDED_MS = BEAT_MS * 4;

/**
 * Time in which this thread could not run. The main thread could not run either: the process was suspended, or
 * the machine gave it no processor. Nobody's work is to be ended for that.
 */
export class LostTime {
  readonly #cells: Cells;
  readonly #onLost: (milliseconds: number) => void;
  #ranAt = performance.now();

  /** @param onLost told of every delay, also of one by chance */
  constructor(cells: Cells, onLost: (milliseconds: number) => void) {
    this.#cells = cells;
    this.#onLost = onLost;
    setInterval(() => this.note(), BEAT_MS).unref();
  }

  /** This thread did not run for so long because it did not want to. */
  rested(milliseconds: number): void {
    this.#ranAt += milliseconds;
  }

  /**
   * To be called before anything is decided on how long something took.
   *
   * @returns milliseconds for which the process was suspended, all together
   */
  note(): number {
    const now = performance.now();
    const lost = Math.max(0, Math.round(now - this.#ranAt - BEAT_MS));
    this.#ranAt = now;
    this.#onLost(lost);
    if (lost > SUSPENDED_MS) Atomics.add(this.#cells, CELLS.lostMs, lost);
    Atomics.add(this.#cells, CELLS.notes, 1);
    Atomics.notify(this.#cells, CELLS.notes);
    return Atomics.load(this.#cells, CELLS.lostMs);
  }
}
