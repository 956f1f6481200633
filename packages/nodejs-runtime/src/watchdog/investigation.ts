import { setTimeout as sleep } from 'node:timers/promises';
import { BEAT_MS, CELLS, OVERDUE, type WatchdogData } from './cells.js';
import { Inquiry } from './inquiry.js';
import { killSynchronousChild } from './synchronous-child.js';

/** Less time than this left, and the main thread is prepared for its interruption. */
const PREPARE_MS = 500;

/**
 * A main thread that does not answer is inside native code. Where that is no child process it waits for,
 * nothing in this process can stop it: so long beyond its time the process has to end.
 */
const GIVE_UP_AFTER_MS = 400;

/** Shorter, the main thread may just not have got a processor. */
const SILENT_MS = 1000;

const RECOVERY_MS = 1000;

export interface InvestigationOptions extends Pick<WatchdogData, 'cells' | 'timeoutMs'> {
  /** When the main thread last beat, by this thread's clock. */
  aliveAt: number;
  /** Whether it has not beaten since. */
  isHeldUp: () => boolean;
  /** Returns how many there were. */
  findSuspensions: () => number;
  /** Ends the process. */
  giveUp: (reason: string) => void;
}

/** From the moment when the main thread is found to be held up until it beats again. */
export class Investigation {
  readonly #options: InvestigationOptions;
  readonly #inquiry = new Inquiry();
  #aliveAt: number;
  #silentSince: number | undefined;
  #askAt = 0;
  /** When the time of what runs is up, as far as the main thread could say. */
  #overdueAt: number | undefined;

  constructor(options: InvestigationOptions) {
    this.#options = options;
    this.#aliveAt = options.aliveAt;
  }

  /** Whose doing is it, and is it time to end it? */
  async proceed(): Promise<void> {
    if (performance.now() < this.#askAt) return;
    const { findSuspensions } = this.#options;
    const before = findSuspensions();
    const verdict = await this.#inquiry.ask('verdict');
    if (findSuspensions() !== before) return; // the verdict may not know of it
    const now = performance.now();
    if (verdict === undefined) {
      this.#silentSince ??= now;
      this.#stopNativeWork(now);
      return;
    }
    this.#silentSince = undefined;
    this.#overdueAt = now + verdict;
    this.#askAt = now + Math.max(verdict, BEAT_MS);
    if (verdict === OVERDUE) await this.#end();
    else if (verdict < PREPARE_MS) this.#inquiry.prepare();
  }

  /** For so long the main thread could not have answered. */
  excuse(milliseconds: number): void {
    this.#aliveAt += milliseconds;
    if (this.#silentSince !== undefined) this.#silentSince += milliseconds;
    if (this.#overdueAt !== undefined) this.#overdueAt += milliseconds;
  }

  close(): void {
    this.#inquiry.close();
  }

  async #end(): Promise<void> {
    const { cells, isHeldUp, findSuspensions, giveUp } = this.#options;
    const endedBefore = Atomics.load(cells, CELLS.ended);
    const verdict = await this.#inquiry.end(isHeldUp, findSuspensions);
    if (verdict === undefined) giveUp('a call blocks where it cannot be interrupted');
    if (verdict !== OVERDUE) return;
    // A main thread that is not itself again after a termination is of no use.
    for (let waited = 0; waited < RECOVERY_MS; waited += BEAT_MS) {
      if (Atomics.load(cells, CELLS.ended) !== endedBefore) return;
      await sleep(BEAT_MS);
    }
    giveUp('the end of a call that ran past FUNC_TIMEOUT has done damage');
  }

  #stopNativeWork(now: number): void {
    const { giveUp } = this.#options;
    const beyond = now - (this.#overdueAt ?? this.#aliveAt + this.#longestMs());
    if (beyond < 0) return;
    if (killSynchronousChild(now - this.#aliveAt)) this.#silentSince = now;
    const silentFor = now - (this.#silentSince ?? now);
    if (beyond > GIVE_UP_AFTER_MS && silentFor > SILENT_MS)
      giveUp('a call blocks in native code that cannot be interrupted');
  }

  /** A call that runs alone has what was left of its time; among several, a full time for any of them. */
  #longestMs(): number {
    const { cells, timeoutMs } = this.#options;
    if (Atomics.load(cells, CELLS.running) !== 1) return timeoutMs;
    return Math.min(timeoutMs, Atomics.load(cells, CELLS.headroomMs));
  }
}
