/**
 * What supervisor and workers tell each other over Node's process channel.
 */
export type ToWorker =
  | { type: 'listen' } // comes with the bound socket
  | { type: 'drain' } // /healthz answers 503 from now on
  | { type: 'stop'; withinMs: number | undefined } // accept no more, finish what runs, exit
  | { type: 'page'; id: number; page: MetricsPage };

export type ToSupervisor =
  | { type: 'loaded' } // the function can be called: ready to listen
  | { type: 'listening' }
  | { type: 'unusable'; reason: string } // the function cannot be loaded
  | { type: 'scrape'; id: number }; // somebody asks for /metrics

/** A function may use the channel, too: the server's messages come in an envelope of their own. */
export interface Envelope<Message> {
  'runtime-kit': Message;
}

/** Undefined for what is no message of the server. */
export function unwrap<Message>(received: unknown): Message | undefined {
  return (Object(received) as Partial<Envelope<Message>>)['runtime-kit'];
}

export interface MetricsPage {
  contentType: string;
  text: string;
}

/** File descriptors of a worker, after Node's own. On this one its watchdog reports. */
export const WATCHDOG_FD = 4;
/** Its counts: see CountsFile. */
export const COUNTS_FD = 5;
/** Its own stdout and stderr: those of the process are the function's to end or close. */
export const STDOUT_FD = 6;
export const STDERR_FD = 7;

/** Bytes on WATCHDOG_FD: the worker's event loop is held up, or runs again. */
export const STALLED = 's';
export const RUNNING = 'r';
/** The worker is to be replaced as soon as another one serves. */
export const WORN = 'w';
