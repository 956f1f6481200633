import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { broken } from './broken.js';
import { HttpError } from './http-error.js';
import { TimedOut } from './timeout.js';

const PLAIN = 'text/plain; charset=utf-8';

/** Turns what a function returned into the answer; `report` is done before its last byte. */
export async function sendAnswer(response, value, report) {
  if (isStream(value)) return sendStream(response, value, report);
  await report();
  const type = typeOf(value);
  if (type && !response.hasHeader('Content-Type')) response.setHeader('Content-Type', type);
  response.end(bodyOf(value));
}

function isStream(value) {
  return value instanceof Readable || typeof value?.[Symbol.asyncIterator] === 'function';
}

async function sendStream(response, value, report) {
  const source = value instanceof Readable ? value : Readable.from(value);
  if (broken('stream-buffered')) {
    const chunks = [];
    for await (const chunk of source) chunks.push(Buffer.from(chunk));
    await report();
    return response.end(Buffer.concat(chunks));
  }
  await pipeline(source, response, { end: false });
  await report();
  response.end();
}

function typeOf(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return broken('string-as-html') ? 'text/html' : PLAIN;
  if (Buffer.isBuffer(value)) return 'application/octet-stream';
  return broken('json-as-text') ? PLAIN : 'application/json; charset=utf-8';
}

function bodyOf(value) {
  if (value === undefined || value === null) return broken('nothing-is-null') ? 'null' : '';
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  return JSON.stringify(value);
}

/** The fixed answer to an error; only errors that are meant for the caller show their text. */
export function sendError(response, error) {
  if (response.headersSent) return response.destroy();
  const [status, text] = publicFace(error);
  response.writeHead(status, { 'Content-Type': PLAIN });
  response.end(text);
}

function publicFace(error) {
  if (error instanceof TimedOut)
    return [broken('timeout-is-504') ? 504 : 408, 'Request timeout exceeded'];
  if (error instanceof HttpError && !broken('status-errors-lost'))
    return [error.status, error.message];
  if (Number.isInteger(error?.status) && !broken('status-errors-lost'))
    return [error.status, error.message];
  return [500, broken('leaks-error') ? String(error) : 'Internal Server Error'];
}
