import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { sendStream } from './send-stream.js';

/**
 * Answers with what a function returned.
 *
 * @returns a promise where the answer takes its time (a stream, or a function that goes on with
 *   the response itself); it rejects with the stream's error
 * @throws whatever JSON.stringify throws for a value that is no JSON
 */
export function answer(response: ServerResponse, value: unknown): Promise<void> | undefined {
  if (value === response || response.headersSent) return settled(response);
  if (typeof value === 'string') return send(response, 'text/plain; charset=utf-8', value);
  if (value === undefined || value === null)
    return isPipedInto(response) ? settled(response) : send(response, undefined, '');
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return send(response, 'application/octet-stream', bytes);
  }
  if (value instanceof ArrayBuffer)
    return send(response, 'application/octet-stream', Buffer.from(value));
  const stream = toStream(value);
  return stream ? sendStream(response, stream) : send(response, 'application/json', toJson(value));
}

function send(
  response: ServerResponse,
  type: string | undefined,
  body: string | Buffer,
): undefined {
  if (type !== undefined && !response.hasHeader('Content-Type'))
    response.setHeader('Content-Type', type);
  if (response.statusCode !== 204 && response.statusCode !== 304)
    response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function toJson(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError(`a ${typeof value} cannot be an answer`);
  return json;
}

/** Undefined for a value that is no stream. */
function toStream(value: unknown): Readable | undefined {
  if (value instanceof Readable) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof (value as ReadableStream).getReader === 'function')
    return Readable.fromWeb(value as ReadableStream);
  if (Symbol.asyncIterator in value)
    return Readable.from(value as AsyncIterable<unknown>, { highWaterMark: 1 });
  // Streams of Node's first kind have neither.
  return typeof (value as Readable).pipe === 'function'
    ? new Readable({ objectMode: true }).wrap(value as Readable)
    : undefined;
}

/** A function may hand the response to a stream and return nothing. */
function isPipedInto(response: ServerResponse): boolean {
  return response.listenerCount('unpipe') > 0;
}

function settled(response: ServerResponse): Promise<void> | undefined {
  if (response.writableEnded || response.closed) return undefined;
  return new Promise((resolve) => response.once('close', resolve));
}
