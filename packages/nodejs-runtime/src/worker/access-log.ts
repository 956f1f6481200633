import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express, Request, RequestHandler, Response } from 'express';
import morgan from 'morgan';
import type { Config } from '../config.js';
import { now } from './clock.js';
import type { LineBatch } from './line-batch.js';

/** What a line tells beside what request and response say themselves. */
export interface AccessEntry {
  /** As received: a function may change what its request says. */
  method: string;
  startedAt: number;
  /** Of the body, as far as it was handed over in parts. */
  writtenBytes: number;
  /** The id of a CloudEvent in structured mode, which no header tells. */
  eventId: string | undefined;
}

/** One line per request, written when its answer is out or its client is gone. */
export class AccessLog {
  readonly #lines: LineBatch;
  readonly #render: typeof combinedLine;
  readonly #open = new Map<ServerResponse, AccessEntry>();

  constructor(format: Config['logFormat'], lines: LineBatch) {
    this.#lines = lines;
    this.#render = format === 'json' ? jsonLine : combinedLine;
  }

  handler(): RequestHandler {
    const log = morgan<Request, Response>(
      (_tokens, request, response) => this.#close(request, response),
      { stream: { write: (text) => this.#lines.write(text) } },
    );
    return (request, response, next) => {
      this.#open.set(response, {
        method: request.method,
        startedAt: now(),
        writtenBytes: 0,
        eventId: undefined,
      });
      log(request, response, next);
    };
  }

  /** Has the application's responses count what is written to them. */
  countBytes(app: Express): void {
    const open = this.#open;
    const { write, end } = app.response;
    app.response.write = function (this: Response, ...args: Parameters<typeof write>) {
      const entry = open.get(this);
      if (entry) entry.writtenBytes += lengthOf(args[0], args[1]);
      return write.apply(this, args);
    } as typeof write;
    app.response.end = function (this: Response, ...args: Parameters<typeof end>) {
      const entry = this.hasHeader('content-length') ? undefined : open.get(this);
      if (entry) entry.writtenBytes += lengthOf(args[0], args[1]);
      return end.apply(this, args);
    } as typeof end;
  }

  noteEventId(response: ServerResponse, eventId: string): void {
    const entry = this.#open.get(response);
    if (entry) entry.eventId = eventId;
  }

  /** Writes the lines of all that is not closed yet; for the last moment of the process. */
  flush(): void {
    for (const response of [...this.#open.keys()] as Response[]) {
      const line = this.#close(response.req, response);
      if (line !== undefined) this.#lines.write(`${line}\n`);
    }
    this.#lines.flush();
  }

  /** Undefined, for which morgan writes nothing, where the line has been written. */
  #close(request: Request, response: Response): string | undefined {
    const entry = this.#open.get(response);
    this.#open.delete(response);
    return entry && this.#render(request, response, entry);
  }
}

/** Apache's combined format. */
export function combinedLine(request: Request, response: Response, entry: AccessEntry): string {
  const { headers } = request;
  return (
    `${remoteAddress(request) ?? '-'} - - [${clfDate(Date.now())}] ` +
    `"${entry.method} ${quotable(request.originalUrl)} HTTP/${request.httpVersion}" ` +
    `${statusOf(response) ?? '-'} ${bytesOf(response, entry)} ` +
    `"${quotable(headers.referer)}" "${quotable(headers['user-agent'])}"`
  );
}

export function jsonLine(request: Request, response: Response, entry: AccessEntry): string {
  const { headers } = request;
  return JSON.stringify({
    time: new Date().toISOString(),
    level: 'info',
    method: entry.method,
    path: pathOf(request.originalUrl),
    status: statusOf(response) ?? null,
    durationMs: Math.round((now() - entry.startedAt) * 1000) / 1000,
    bytes: bytesOf(response, entry),
    eventId: headers['event-id'] ?? entry.eventId ?? headers['ce-id'] ?? null,
    traceparent: headers.traceparent ?? null,
    remote: remoteAddress(request) ?? null,
  });
}

/** Undefined where the client left before there was an answer. */
function statusOf(response: ServerResponse): number | undefined {
  return response.headersSent ? response.statusCode : undefined;
}

/** Of the body: a HEAD has none, whatever its headers say. */
function bytesOf(response: ServerResponse, entry: AccessEntry): number {
  if (entry.method === 'HEAD') return 0;
  return Number(response.getHeader('content-length') ?? entry.writtenBytes);
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, encoding as BufferEncoding);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

/** An IPv4 client of a socket for both versions shows as `::ffff:192.0.2.1`. */
function remoteAddress(request: IncomingMessage): string | undefined {
  const address = request.socket.remoteAddress;
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

/** Keeps a value from ending its quotes. */
function quotable(value: string | undefined): string {
  if (!value) return '-';
  return value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
let dateSecond = -1;
let dateText = '';

/** `10/Oct/2000:13:55:36 +0000`; made once a second. */
export function clfDate(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  if (second === dateSecond) return dateText;
  const [date = '', time = ''] = new Date(second * 1000).toISOString().split('T');
  const [year, month, day] = date.split('-');
  dateSecond = second;
  dateText = `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
  return dateText;
}
