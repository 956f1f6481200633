import type { Request, Response } from 'express';

/** What a function is called with: `handler(event, context)`. */
export interface Event<Data = unknown> {
  /**
   * The body. JSON is parsed; text and forms are a string; any other type is a Buffer; no body is
   * undefined. A multipart body is left unread in `extensions.request`.
   */
  data: Data;
  'event-id': string | undefined;
  'event-type': string | undefined;
  'event-time': string | undefined;
  'event-namespace': string | undefined;
  extensions: Extensions;
}

export interface Extensions {
  /** Express's own request; of a body that was read, `rawBody` has the bytes. */
  readonly request: Request & { readonly rawBody?: Buffer };
  /** Express's own response. */
  readonly response: Response;
  /** Fires when the call runs past FUNC_TIMEOUT, or when its client leaves before the answer is out. */
  readonly signal: AbortSignal;
  /** The attributes of a CloudEvent, by their names without `ce-`; undefined for other requests. */
  readonly cloudevent: Readonly<Record<string, unknown>> | undefined;
}

export interface Context {
  'function-name': string;
  /** Seconds. */
  timeout: number;
  runtime: string | undefined;
  'memory-limit': string | undefined;
}

/**
 * A function. A string answers text/plain, a Buffer application/octet-stream, a stream is streamed,
 * nothing is an empty answer, all else is JSON; a promise is awaited. A function that answers by
 * `event.extensions.response` itself returns nothing.
 */
export type Handler<Data = unknown> = (event: Event<Data>, context: Context) => unknown;
