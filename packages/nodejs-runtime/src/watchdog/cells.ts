/** The memory that a worker's main thread and its watchdog thread share: 32-bit integers. */
export const CELLS = {
  /** 1 while the main thread beats; 0 lets the watchdog sleep without waking for anything. */
  ticking: 0,
  /** Counts beats. */
  beats: 1,
  /** Milliseconds, at the last beat, until the deadline of the oldest running call. */
  headroomMs: 2,
  /** Counts what was terminated and dealt with since. */
  ended: 3,
} as const;

export const BEAT_MS = 50;

export function createCells(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(
    new SharedArrayBuffer(Object.keys(CELLS).length * Int32Array.BYTES_PER_ELEMENT),
  );
}

/** What the watchdog thread is started with. */
export interface WatchdogData {
  cells: Int32Array<SharedArrayBuffer>;
  timeoutMs: number;
  /** Where it reports to the supervisor; undefined where there is none. */
  reportFd: number | undefined;
}

/**
 * Name of a global function of the main thread. The watchdog calls it while it holds the main thread
 * paused: what runs there gets its verdict, milliseconds that it may go on or a value below 0.
 */
export const VERDICT = 'runtime-kit.verdict';
export const OVERDUE = -1;
