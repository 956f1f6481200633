import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { now } from './clock.js';
import { ATOMIC_BYTES } from './line-batch.js';

/** The first try for a line that is too long: characters of each text of the client. */
const LONGEST_TEXT = 1024;

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

/** @param longest characters that are shown of a text that the client chose */
export type LineFormat = (
  request: Request,
  response: Response,
  entry: AccessEntry,
  longest: number,
) => string;

/** Apache's combined format. */
export const combinedLine: LineFormat = (request, response, entry, longest) => {
  const { headers } = request;
  const shown = (text: string | undefined) => quotable(clip(text, longest));
  return (
    `${remoteAddress(request) ?? '-'} - - [${clfDate(Date.now())}] ` +
    `"${entry.method} ${shown(request.originalUrl)} HTTP/${request.httpVersion}" ` +
    `${statusOf(response) ?? '-'} ${bytesOf(response, entry)} ` +
    `"${shown(headers.referer)}" "${shown(headers['user-agent'])}"`
  );
};

export const jsonLine: LineFormat = (request, response, entry, longest) => {
  const { headers } = request;
  const shown = (text: unknown) => clip(text as string | undefined, longest) ?? null;
  return JSON.stringify({
    time: new Date().toISOString(),
    level: 'info',
    method: entry.method,
    path: shown(pathOf(request.originalUrl)),
    status: statusOf(response) ?? null,
    durationMs: Math.round((now() - entry.startedAt) * 1000) / 1000,
    bytes: bytesOf(response, entry),
    eventId: shown(headers['event-id'] ?? entry.eventId ?? headers['ce-id']),
    traceparent: shown(headers.traceparent),
    remote: remoteAddress(request) ?? null,
  });
};

/** A line that no other process's output can tear: what clients can make long is shortened as needed. */
export function wholeLine(
  format: LineFormat,
  request: Request,
  response: Response,
  entry: AccessEntry,
): string {
  let longest = Number.POSITIVE_INFINITY;
  for (;;) {
    const line = format(request, response, entry, longest);
    if (Buffer.byteLength(line) < ATOMIC_BYTES) return line; // its end makes one more
    longest = Math.min(longest / 2, LONGEST_TEXT);
  }
}

function clip(text: string | undefined, longest: number): string | undefined {
  return text !== undefined && text.length > longest ? `${text.slice(0, longest)}...` : text;
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
