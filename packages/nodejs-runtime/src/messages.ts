/**
 * What supervisor and workers tell each other over Node's process channel. It keeps its order, so a
 * worker's answer to `count` covers every call that it answered before.
 */
export type ToWorker =
  | { type: 'listen' } // comes with the bound socket
  | { type: 'drain' } // /healthz answers 503 from now on
  | { type: 'stop'; withinMs: number | undefined } // accept no more, finish what runs, exit
  | { type: 'count'; id: number } // report, then confirm with `counted`
  | { type: 'page'; id: number; page: MetricsPage };

export type ToSupervisor =
  | { type: 'loaded' } // the function can be called: ready to listen
  | { type: 'listening' }
  | { type: 'unusable'; reason: string } // the function cannot be loaded
  | { type: 'counts'; counts: Counts }
  | { type: 'counted'; id: number }
  | { type: 'scrape'; id: number }; // somebody asks for /metrics

/** A function may use the channel, too: the server's messages come in an envelope of their own. */
export interface Envelope<Message> {
  'runtime-kit': Message;
}

/** Undefined for what is no message of the server. */
export function unwrap<Message>(received: unknown): Message | undefined {
  return (Object(received) as Partial<Envelope<Message>>)['runtime-kit'];
}

/** Calls of one HTTP method since the worker's start; all numbers only ever grow. */
export interface MethodCounts {
  calls: number;
  failures: number;
  timeouts: number;
  /** Seconds of all calls together. */
  seconds: number;
  /** Calls by duration: an entry per bound of DURATION_BUCKETS, one more for the rest. */
  buckets: number[];
}

export interface Counts {
  byMethod: Record<string, MethodCounts>;
  /** Calls that run now, by method. */
  running: Record<string, number>;
}

export interface MetricsPage {
  contentType: string;
  text: string;
}

/** Upper bounds in seconds. */
export const DURATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180,
] as const;

/** File descriptor on which a worker's watchdog reports; the descriptors before it are Node's. */
export const WATCHDOG_FD = 4;

/** Bytes on WATCHDOG_FD: the worker's event loop is held up, or runs again. */
export const STALLED = 's';
export const RUNNING = 'r';
/** The worker is to be replaced as soon as another one serves. */
export const WORN = 'w';
