/** A worker that served for so long does not count as one of a series of failures. */
const SETTLED_MS = 1000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Lets a single crash be followed by a new worker at once, and keeps a function that always crashes from
 * using a CPU for nothing.
 */
export class Backoff {
  #early = 0;

  /**
   * @param servedMs how long the worker that is gone had served
   * @returns milliseconds to wait before the next one
   */
  pauseAfter(servedMs: number): number {
    this.#early = servedMs >= SETTLED_MS ? 0 : this.#early + 1;
    if (this.#early < 2) return 0;
    return Math.min(FIRST_PAUSE_MS * 2 ** (this.#early - 2), LONGEST_PAUSE_MS);
  }
}
