import { type ServerResponse, STATUS_CODES } from 'node:http';

/** For a moment the rest of a refused body is read and dropped: see `refuseBody`. */
const LINGER_MS = 50;

/** A short answer of the server's own; a response that has begun can only be broken off. */
export function respondText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  setText(response, status, text);
  response.end(text);
}

/**
 * Answers before the body was read, and closes. The end waits a moment in which the body is dropped:
 * closing a socket with unread data resets the connection, and the client may lose the answer.
 */
export function refuseBody(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    respondText(response, status, text);
    return;
  }
  setText(response, status, text);
  response.setHeader('Connection', 'close');
  response.write(text);
  response.req.resume();
  setTimeout(() => response.end(), LINGER_MS);
}

function setText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
}

/** An error that carries its own status, as http-errors and Express know it. */
export interface PublicError {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** What a client may know of an error: its text only where the error says so by `expose`. */
export function publicError(error: unknown): PublicError {
  const { status, statusCode, expose, headers, message } = Object(error) as Record<string, unknown>;
  const wanted = Number(status ?? statusCode);
  if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599)
    return { status: 500, text: 'Internal Server Error', headers: {} };
  const text = expose === true ? String(message) : (STATUS_CODES[wanted] ?? 'Error');
  return { status: wanted, text, headers: Object(headers) as Record<string, string> };
}
