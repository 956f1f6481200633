import type { ServerResponse } from 'node:http';
import type { Express, Request, RequestHandler, Response } from 'express';
import morgan from 'morgan';
import type { Config } from '../config.js';
import {
  type AccessEntry,
  combinedLine,
  jsonLine,
  type LineFormat,
  wholeLine,
} from './access-line.js';
import { now } from './clock.js';
import type { LineBatch } from './line-batch.js';

/** One line per request, written when its answer is out or its client is gone. */
export class AccessLog {
  readonly #lines: LineBatch;
  readonly #format: LineFormat;
  readonly #open = new Map<ServerResponse, AccessEntry>();

  constructor(format: Config['logFormat'], lines: LineBatch) {
    this.#lines = lines;
    this.#format = format === 'json' ? jsonLine : combinedLine;
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
    return entry && wholeLine(this.#format, request, response, entry);
  }
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, encoding as BufferEncoding);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
