import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';

const DEFAULT_LIMIT_MS = 10_000;

export interface FetchOptions {
  method?: string;
  headers?: Record<string, string | string[]>;
  /** An async iterable is sent chunked, without a length. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds until the request counts as unanswered. */
  limitMs?: number;
}

/** An answer as it came over the wire, bytes and header lines untouched. */
export interface Answer {
  request: string;
  status: number;
  /** Header lines in their order, names as sent. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** When each piece of the body arrived, in ms since the request was sent. */
  arrivals: { atMs: number; text: string }[];
  /** Milliseconds from the request to the whole answer, and to its head. */
  durationMs: number;
  headMs: number;
  /** The body ended early: the connection broke before it was complete. */
  truncated: boolean;
  text(): string;
  json(): unknown;
  /** Value of a header, several joined by a comma; undefined where it is absent. */
  header(name: string): string | undefined;
}

/** No answer: refused, closed, reset or too slow. */
export class NoAnswer extends Error {
  /** The time was over; otherwise the connection was. */
  readonly tooSlow: boolean;

  constructor(request: string, reason: string, cause: unknown, tooSlow = false) {
    super(`${request} got no answer: ${reason}`, { cause });
    this.name = 'NoAnswer';
    this.tooSlow = tooSlow;
  }
}

/** One request on a connection of its own, the path sent exactly as given. */
export function fetchFrom(
  origin: string,
  path: string,
  options: FetchOptions = {},
): Promise<Answer> {
  return expendable(fetchOnce(origin, path, options));
}

/** The same on connections that the caller keeps. */
export function fetchWith(
  dispatcher: Dispatcher,
  path: string,
  options: FetchOptions = {},
): Promise<Answer> {
  return expendable(send(dispatcher, path, options));
}

/**
 * A case that fails before it awaits the answer leaves a rejection behind, which must not end the
 * whole run.
 */
function expendable(answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => {});
  return answer;
}

async function fetchOnce(origin: string, path: string, options: FetchOptions): Promise<Answer> {
  const { limitMs = DEFAULT_LIMIT_MS } = options;
  const client = new Client(origin, { headersTimeout: 0, bodyTimeout: 0 });
  try {
    return await send(client, path, { ...options, limitMs });
  } finally {
    await client.destroy();
  }
}

async function send(
  dispatcher: Dispatcher,
  path: string,
  { method = 'GET', headers = {}, body, limitMs = DEFAULT_LIMIT_MS }: FetchOptions,
): Promise<Answer> {
  const request = `${method} ${path}`;
  const limit = AbortSignal.timeout(limitMs);
  const sent = performance.now();
  try {
    const response = await dispatcher.request({
      path,
      method: method as Dispatcher.HttpMethod,
      headers,
      body: bodyOf(body),
      signal: limit,
      responseHeaders: 'raw',
    });
    const headMs = performance.now() - sent;
    const read = await readBody(response.body, sent, limit);
    return answerOf(request, response, { ...read, headMs, durationMs: performance.now() - sent });
  } catch (error) {
    const reason = limit.aborted ? `waited ${limitMs} ms` : reasonOf(error);
    throw new NoAnswer(request, reason, error, limit.aborted);
  }
}

function bodyOf(body: FetchOptions['body']): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  return typeof body === 'string' || body instanceof Uint8Array ? body : Readable.from(body);
}

interface ReadBody {
  chunks: { atMs: number; bytes: Buffer }[];
  truncated: boolean;
}

async function readBody(
  body: AsyncIterable<Buffer>,
  sent: number,
  limit: AbortSignal,
): Promise<ReadBody> {
  const chunks: ReadBody['chunks'] = [];
  try {
    for await (const bytes of body) chunks.push({ atMs: performance.now() - sent, bytes });
  } catch (error) {
    if (limit.aborted) throw error;
    return { chunks, truncated: true };
  }
  return { chunks, truncated: false };
}

function answerOf(
  request: string,
  response: Dispatcher.ResponseData,
  { chunks, truncated, headMs, durationMs }: ReadBody & { headMs: number; durationMs: number },
): Answer {
  const headers = pairs(response.headers as unknown as (Buffer | string)[]);
  const body = Buffer.concat(chunks.map(({ bytes }) => bytes));
  return {
    request,
    status: response.statusCode,
    headers,
    body,
    arrivals: chunks.map(({ atMs, bytes }) => ({ atMs, text: bytes.toString() })),
    durationMs,
    headMs,
    truncated,
    text: () => body.toString(),
    json: () => JSON.parse(body.toString()) as unknown,
    header: (name) => joined(headers, name),
  };
}

function pairs(raw: (Buffer | string)[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    found.push([latin1(raw[index]), latin1(raw[index + 1])]);
  return found;
}

function latin1(value: Buffer | string | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : (value ?? '');
}

function joined(headers: [string, string][], name: string): string | undefined {
  const values = headers.filter(([other]) => other.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.message || cause.name;
}
