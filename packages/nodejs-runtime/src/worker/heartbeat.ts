import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  BEAT_MS,
  CELLS,
  createCells,
  REST_BEAT_MS,
  type WatchdogData,
  WITNESS,
  type Witness,
} from '../watchdog/cells.js';
import { createMoments, MOMENTS, sharedNow } from '../watchdog/moments.js';
import { suspendedWithin } from '../watchdog/suspensions.js';
import { clearInterval, now, setInterval } from './clock.js';

/** Later than this, a beat was not late by chance; the watchdog has asked by then whose doing it is. */
const STALL_MS = BEAT_MS * 4;

/** Beats without a call after which the heart rests. */
const RESTING_BEATS = 20;

const LONGEST_HEADROOM_MS = 2 ** 31 - 1;

export interface HeartbeatOptions {
  /** Time until the deadline of the oldest call; undefined while there is none. */
  headroomMs: () => number | undefined;
  /** The thread was held up for so long and runs again; for so long of it the process was suspended. */
  onHeldUp: (milliseconds: number, suspendedMs: number) => void;
}

/**
 * Beats, fast while there are calls, so that the watchdog can tell a busy main thread from an idle one, and
 * knows for how long the thread was held up.
 */
export class Heartbeat {
  readonly #cells = createCells();
  readonly #moments = createMoments();
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #isResting = true;
  #beatsWithoutCall = 0;
  #lastBeat = now();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** How many calls run from now on; which of them is the oldest is known at the next beat. */
  setRunning(calls: number): void {
    Atomics.store(this.#cells, CELLS.running, calls);
    Atomics.store(this.#cells, CELLS.headroomMs, LONGEST_HEADROOM_MS);
  }

  /** Called at the start of each call; almost always there is nothing to do. */
  wake(): void {
    this.#beatsWithoutCall = 0;
    if (!this.#isResting) return;
    this.#isResting = false;
    this.#beat();
    this.#start(BEAT_MS);
    Atomics.store(this.#moments, MOMENTS.woken, BigInt(sharedNow()));
    Atomics.store(this.#cells, CELLS.ticking, 1);
    Atomics.notify(this.#cells, CELLS.ticking);
  }

  /** Milliseconds for which the thread is held up at this moment. */
  heldUpNow(): number {
    const sinceBeat = this.silence();
    return sinceBeat > STALL_MS && !this.#isResting ? sinceBeat - BEAT_MS : 0;
  }

  /** Milliseconds since the last beat. */
  silence(): number {
    return now() - this.#lastBeat;
  }

  /**
   * Of the last so many milliseconds those since the last beat for which the process was suspended, as far as the
   * watchdog has found it.
   */
  suspendedWithin(milliseconds: number): number {
    return suspendedWithin(this.#cells, this.#moments, Math.min(milliseconds, this.silence()));
  }

  /** Gives the watchdog, which may run again a little later than this thread, time to look. */
  awaitLook(): void {
    const seen = Atomics.load(this.#cells, CELLS.looks);
    Atomics.wait(this.#cells, CELLS.looks, seen, BEAT_MS * 2);
  }

  /** Tells the watchdog that the thread has come back from a termination. */
  confirmEnd(): void {
    Atomics.add(this.#cells, CELLS.ended, 1);
  }

  /** Tells the watchdog that a call ran past its time. */
  noteTimeout(): void {
    Atomics.add(this.#cells, CELLS.timeouts, 1);
  }

  /**
   * @param onLoss the watchdog has failed, and nobody watches any more
   * @returns once it watches; a call that loops before that could not be ended
   */
  async startWatchdog(
    witness: Witness,
    data: Omit<WatchdogData, 'cells' | 'moments'>,
    onLoss: (error: Error) => void,
  ): Promise<void> {
    Object.defineProperty(globalThis, Symbol.for(WITNESS), { value: Object.freeze(witness) });
    const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), {
      workerData: { cells: this.#cells, moments: this.#moments, ...data } satisfies WatchdogData,
      execArgv: [],
      // Room for the inspector, which tells of every script there is, with its source map.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
    });
    await once(watchdog, 'message');
    watchdog.once('error', onLoss);
    watchdog.unref();
    this.#start(REST_BEAT_MS);
  }

  #start(milliseconds: number): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#beat(), milliseconds).unref();
  }

  #beat(): void {
    const heldUpMs = this.heldUpNow();
    const suspendedMs = heldUpMs === 0 ? 0 : this.suspendedWithin(heldUpMs);
    this.#lastBeat = now();
    this.#options.onHeldUp(heldUpMs, suspendedMs);
    const headroom = this.#options.headroomMs();
    const shared = Math.max(0, Math.min(headroom ?? LONGEST_HEADROOM_MS, LONGEST_HEADROOM_MS));
    Atomics.store(this.#cells, CELLS.headroomMs, shared);
    Atomics.add(this.#cells, CELLS.beats, 1);
    this.#beatsWithoutCall = headroom === undefined ? this.#beatsWithoutCall + 1 : 0;
    if (!this.#isResting && this.#beatsWithoutCall >= RESTING_BEATS) this.#rest();
  }

  #rest(): void {
    this.#isResting = true;
    Atomics.store(this.#cells, CELLS.ticking, 0);
    this.#start(REST_BEAT_MS);
  }
}
