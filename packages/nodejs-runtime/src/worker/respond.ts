import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { clearTimeout, setTimeout } from './clock.js';

/** So long at most the rest of a refused body is read and dropped: see `refuseBody`. */
const LINGER_MS = 2000;

/** What the server itself has set on a response; all else is the function's. */
const OWN_HEADERS = /^(access-control-|vary$|connection$)/;

/** A short answer of the server's own; a response that has begun can only be broken off. */
export function respondText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  startOver(response, status, text);
  response.end(text);
}

/** The same for an error, which may bring headers. */
export function respondError(response: ServerResponse, error: PublicError): void {
  if (response.headersSent) {
    respondText(response, error.status, error.text);
    return;
  }
  startOver(response, error.status, error.text);
  for (const [name, value] of Object.entries(error.headers)) setIfValid(response, name, value);
  response.end(error.text);
}

/**
 * Answers before the body was read, and closes for the other side. What still comes is read and dropped:
 * closing a socket with unread data resets the connection, and the client may lose the answer.
 */
export function refuseBody(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    respondText(response, status, text);
    return;
  }
  startOver(response, status, text);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Connection', 'close');
  const { req: request, socket } = response;
  if (!socket || request.method === 'HEAD') {
    response.end(text); // behind answers that are not out yet, or without a body to write
    return;
  }
  response.write(text);
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  response.once('close', () => clearTimeout(lingering));
  request.once('end', () => socket.destroySoon()).resume();
  socket.end();
}

/** What the function has set was meant for another body: an encoding, a cache time, a session. */
function startOver(response: ServerResponse, status: number, text: string): void {
  for (const name of response.getHeaderNames())
    if (!OWN_HEADERS.test(name)) response.removeHeader(name);
  response.statusCode = status;
  response.statusMessage = STATUS_CODES[status] ?? '';
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
}

function setIfValid(response: ServerResponse, name: string, value: unknown): void {
  if (/^(content-|transfer-encoding$|connection$)/i.test(name)) return;
  try {
    response.setHeader(name, value as string);
  } catch {
    // the answer to an error is not to fail for a header of it
  }
}

/** What a client may know of an error, and whether it is for the log as well. */
export interface PublicError {
  status: number;
  text: string;
  headers: Readonly<Record<string, unknown>>;
  isInternal: boolean;
}

const INTERNAL: PublicError = {
  status: 500,
  text: 'Internal Server Error',
  headers: {},
  isInternal: true,
};

/**
 * Express takes the status that an error carries. Clients of other services throw errors with the status and
 * the headers of what those answered: text and headers are for the caller only where the error says so by
 * `expose`, as those of http-errors do.
 */
export function publicError(error: unknown): PublicError {
  try {
    const { status, statusCode, expose, headers, message } = Object(error) as Record<
      string,
      unknown
    >;
    const wanted = Number(status ?? statusCode);
    if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599) return INTERNAL;
    return {
      status: wanted,
      text: expose === true ? String(message) : (STATUS_CODES[wanted] ?? 'Error'),
      headers: typeof expose === 'boolean' ? { ...Object(headers) } : {},
      isInternal: wanted >= 500 || expose !== true,
    };
  } catch {
    return INTERNAL; // its properties have getters that throw
  }
}
