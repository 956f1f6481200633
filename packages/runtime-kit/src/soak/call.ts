import type { Answer, FetchOptions } from '../conformance/testing/http.js';
import type { Random } from './random.js';

/** How often an event is counted; a range where the contract leaves it open. */
export type Count = readonly [least: number, most: number];

/** What a call adds to the metrics of its method. */
export interface Counts {
  calls: Count;
  failures: Count;
  timeouts: Count;
}

/** One call, and what is right for it. */
export interface Call extends Omit<FetchOptions, 'method'> {
  kind: string;
  method: string;
  path: string;
  /** @throws Failed where the answer is not right. */
  judge: (answer: Answer) => void;
  /** The connection may end without an answer. */
  mayBreak?: boolean;
  /** The client closes the connection after so many milliseconds: no answer is awaited. */
  leavesAfterMs?: number;
  counts: Counts;
}

/** A kind of call that the traffic is mixed from. */
export interface Kind {
  name: string;
  /** How often it is made, beside the weights of the others. */
  weight: number;
  make: (call: { id: string; random: Random; limits: Limits }) => Omit<Call, 'kind'>;
}

/** Limits of the server, set by its environment. */
export interface Limits {
  /** FUNC_TIMEOUT. */
  timeoutMs: number;
  /** REQ_MB_LIMIT. */
  bodyBytes: number;
}

const NEVER: Count = [0, 0];
const ONCE: Count = [1, 1];
const OPEN: Count = [0, 1];

/** A call that the function answered. */
export const ANSWERED: Counts = { calls: ONCE, failures: NEVER, timeouts: NEVER };
/** A call that ended in an error of the function, whatever status the error carries. */
export const FAILED: Counts = { calls: ONCE, failures: ONCE, timeouts: NEVER };
/** A call that ran past FUNC_TIMEOUT. */
export const TIMED_OUT: Counts = { calls: ONCE, failures: ONCE, timeouts: ONCE };
/** A request that never became a call. */
export const REFUSED: Counts = { calls: NEVER, failures: NEVER, timeouts: NEVER };
/** A call whose process or caller went away: it may be counted, in whichever way, or not at all. */
export const UNSETTLED: Counts = { calls: OPEN, failures: OPEN, timeouts: OPEN };
