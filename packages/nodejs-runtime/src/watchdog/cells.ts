import type { Config } from '../config.js';
import type { Moments } from './moments.js';

/** The memory that a worker's main thread and its watchdog thread share: 32-bit integers. */
export const CELLS = {
  /** 1 while the main thread beats every BEAT_MS, 0 while it rests and beats every REST_BEAT_MS. */
  ticking: 0,
  /** Counts beats. */
  beats: 1,
  /** Milliseconds, at the last beat, until the deadline of the oldest running call. */
  headroomMs: 2,
  /** Calls that run. */
  running: 3,
  /** Counts what was terminated and dealt with since. */
  ended: 4,
  /** Counts calls that ran past their time. */
  timeouts: 5,
  /** Counts how often the watchdog thread has looked for suspensions; who waits for that is notified. */
  looks: 6,
  /** Counts the suspensions of the process that were found. */
  suspensions: 7,
} as const;

export type Cells = Int32Array<SharedArrayBuffer>;

export const BEAT_MS = 50;
export const REST_BEAT_MS = 1000;

export function createCells(): Cells {
  return new Int32Array(
    new SharedArrayBuffer(Object.keys(CELLS).length * Int32Array.BYTES_PER_ELEMENT),
  );
}

/** What the watchdog thread is started with. */
export interface WatchdogData {
  cells: Cells;
  moments: Moments;
  timeoutMs: number;
  logFormat: Config['logFormat'];
  /** Where it reports to the supervisor; undefined where there is none. */
  reportFd: number | undefined;
}

/**
 * Name of a global object of the main thread. The watchdog calls its methods through the inspector,
 * inside whatever the main thread does at that moment.
 */
export const WITNESS = 'runtime-kit.witness';

export interface Witness {
  /** What runs gets its verdict: milliseconds that it may go on, or OVERDUE. */
  verdict(): number;
  /** The same; what is overdue is about to be terminated. */
  condemn(): number;
  /** 1 while code runs for a call that is over, else 0. */
  leftover(): number;
}

export const OVERDUE = -1;
