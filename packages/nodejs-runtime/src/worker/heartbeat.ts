import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BEAT_MS, CELLS, createCells, VERDICT, type WatchdogData } from '../watchdog/cells.js';

/** Later than this, a beat was not late by chance: something kept the thread. */
const STALL_MS = BEAT_MS * 2;

/** Beats without a call after which the heart rests. */
const RESTING_BEATS = 20;

const LONGEST_HEADROOM_MS = 2 ** 31 - 1;

/**
 * Beats while there are calls, so that the watchdog can tell a busy main thread from an idle one, and
 * knows for how long the thread was held up: time that does not count against calls that waited.
 */
export class Heartbeat {
  readonly #cells = createCells();
  readonly #headroomMs: () => number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #resting = 0;
  #heldUpMs = 0;

  /** @param headroomMs time until the deadline of the oldest call; undefined while there is none */
  constructor(headroomMs: () => number | undefined) {
    this.#headroomMs = headroomMs;
  }

  /** Called at the start of each call; almost always there is nothing to do. */
  wake(): void {
    if (this.#timer) return;
    this.#resting = 0;
    this.#lastBeat = performance.now();
    this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref();
    Atomics.store(this.#cells, CELLS.headroomMs, LONGEST_HEADROOM_MS);
    Atomics.store(this.#cells, CELLS.ticking, 1);
    Atomics.notify(this.#cells, CELLS.ticking);
  }

  /** Milliseconds for which the thread was held up before `now`, without the present moment. */
  heldUpBefore(): number {
    return this.#heldUpMs;
  }

  /** The same with the present moment: for timers, which may run before the late beat. */
  heldUp(now: number): number {
    return this.#heldUpMs + lateness(now - this.#lastBeat);
  }

  /** Tells the watchdog that the thread has come back from a termination. */
  confirmEnd(): void {
    Atomics.add(this.#cells, CELLS.ended, 1);
  }

  /** Milliseconds since the last beat. */
  silence(now: number): number {
    return now - this.#lastBeat;
  }

  /**
   * @param verdict what the watchdog asks while it holds this thread paused
   * @returns once it watches; a call that loops before that could not be ended
   */
  async startWatchdog(
    verdict: () => number,
    options: { timeoutMs: number; reportFd: number | undefined },
  ): Promise<void> {
    Object.defineProperty(globalThis, Symbol.for(VERDICT), { value: verdict });
    const data: WatchdogData = { cells: this.#cells, ...options };
    const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), {
      workerData: data,
      execArgv: [],
      // Enough for the inspector, which tells a new session of every script there is.
      resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
    });
    await once(watchdog, 'message');
    watchdog.unref();
  }

  #beat(): void {
    const now = performance.now();
    this.#heldUpMs += lateness(now - this.#lastBeat);
    this.#lastBeat = now;
    const headroom = this.#headroomMs();
    this.#resting = headroom === undefined ? this.#resting + 1 : 0;
    if (this.#resting >= RESTING_BEATS) {
      this.#rest();
      return;
    }
    const shared = Math.max(0, Math.min(headroom ?? LONGEST_HEADROOM_MS, LONGEST_HEADROOM_MS));
    Atomics.store(this.#cells, CELLS.headroomMs, shared);
    Atomics.add(this.#cells, CELLS.beats, 1);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    Atomics.store(this.#cells, CELLS.ticking, 0);
  }
}

function lateness(sinceBeat: number): number {
  return sinceBeat > STALL_MS ? sinceBeat - BEAT_MS : 0;
}
