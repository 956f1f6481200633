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
import { Linked, LinkedList } from './linked-list.js';

/** One line per request, written when its answer is out or its client is gone. */
export class AccessLog {
  readonly #lines: LineBatch;
  readonly #format: LineFormat;
  readonly #open = new LinkedList<OpenEntry>();

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
      this.#open.add(new OpenEntry(request, response));
      log(request, response, next);
    };
  }

  /** Has the application's responses count what is written to them. */
  countBytes(app: Express): void {
    const { write, end } = app.response;
    app.response.write = function (this: Response, ...args: Parameters<typeof write>) {
      const entry = entryOf(this);
      if (entry) entry.writtenBytes += lengthOf(args[0], args[1]);
      return write.apply(this, args);
    } as typeof write;
    app.response.end = function (this: Response, ...args: Parameters<typeof end>) {
      const entry = this.hasHeader('content-length') ? undefined : entryOf(this);
      if (entry) entry.writtenBytes += lengthOf(args[0], args[1]);
      return end.apply(this, args);
    } as typeof end;
  }

  noteEventId(response: ServerResponse, eventId: string): void {
    const entry = entryOf(response);
    if (entry) entry.eventId = eventId;
  }

  /** Writes the lines of all that is not closed yet; for the last moment of the process. */
  flush(): void {
    for (const { request, response } of this.#open) {
      const line = this.#close(request, response);
      if (line !== undefined) this.#lines.write(`${line}\n`);
    }
    this.#lines.flush();
  }

  /** Undefined, for which morgan writes nothing, where the line has been written. */
  #close(request: Request, response: Response): string | undefined {
    const entry = entryOf(response);
    if (!entry?.isListed) return undefined;
    this.#open.delete(entry);
    return wholeLine(this.#format, request, response, entry);
  }
}

const ENTRY = Symbol('access log');

/** Of a request whose line is not written yet. */
class OpenEntry extends Linked implements AccessEntry {
  readonly request: Request;
  readonly response: Response;
  readonly method: string;
  readonly startedAt = now();
  writtenBytes = 0;
  eventId: string | undefined;

  constructor(request: Request, response: Response) {
    super();
    this.request = request;
    this.response = response;
    this.method = request.method;
    (response as Logged)[ENTRY] = this;
  }
}

interface Logged extends ServerResponse {
  [ENTRY]?: OpenEntry;
}

function entryOf(response: ServerResponse): OpenEntry | undefined {
  return (response as Logged)[ENTRY];
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, encoding as BufferEncoding);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
