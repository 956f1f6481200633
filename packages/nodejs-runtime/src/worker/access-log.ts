import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import morgan from 'morgan';
import type { LineBatch } from './line-batch.js';

/** One line per request, written when its answer is out or its client is gone. */
export function accessLog(format: 'combined' | 'json', lines: LineBatch): RequestHandler {
  const line = format === 'json' ? jsonLine : combinedLine;
  return morgan<Request, Response>(line, { stream: { write: (text) => lines.write(text) } });
}

/** Apache's combined format. */
export function combinedLine(_tokens: unknown, request: Request, response: Response): string {
  const { headers } = request;
  return (
    `${remoteAddress(request) ?? '-'} - - [${clfDate(Date.now())}] ` +
    `"${request.method} ${quotable(request.originalUrl)} HTTP/${request.httpVersion}" ` +
    `${statusOf(response) ?? '-'} ${bytesOf(response) ?? '-'} ` +
    `"${quotable(headers.referer)}" "${quotable(headers['user-agent'])}"`
  );
}

export function jsonLine(
  tokens: morgan.TokenIndexer<Request, Response>,
  request: Request,
  response: Response,
): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    level: 'info',
    method: request.method,
    path: request.path,
    status: statusOf(response) ?? null,
    durationMs: Number(tokens['total-time']?.(request, response) ?? 0),
    bytes: bytesOf(response) ?? null,
    eventId: request.headers['event-id'] ?? request.headers['ce-id'] ?? null,
    traceparent: request.headers.traceparent ?? null,
    remote: remoteAddress(request) ?? null,
  });
}

/** Undefined where the client left before there was an answer. */
function statusOf(response: ServerResponse): number | undefined {
  return response.headersSent ? response.statusCode : undefined;
}

/** Undefined for an answer whose length is not known beforehand. */
function bytesOf(response: ServerResponse): number | undefined {
  const length = response.getHeader('content-length');
  return length === undefined ? undefined : Number(length);
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
