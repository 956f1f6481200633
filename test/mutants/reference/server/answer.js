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
  if (broken('nothing-is-204') && type === undefined) response.statusCode = 204;
  if (broken('length-in-characters') && typeof value === 'string')
    response.setHeader('Content-Length', value.length);
  if (broken('head-with-body') && response.req.method === 'HEAD') response._hasBody = true;
  response.end(broken('answers-mixed-up') ? mixedUp(response, value) : bodyOf(value));
}

let previous = '';
let served = 0;

/** Under load, now and then the answer to another call. */
function mixedUp({ socket }, value) {
  const other = previous;
  previous = value;
  served += 1;
  return socket?.server.connectionsNow > 30 && served % 50 === 0 ? other : bodyOf(value);
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
  if (broken('stream-failure-hidden')) await sendUntilFailure(source, response);
  else await pipeline(source, response, { end: false });
  await report();
  response.end();
}

async function sendUntilFailure(source, response) {
  try {
    for await (const chunk of source) response.write(chunk);
  } catch {
    // Nobody is told.
  }
}

function typeOf(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return broken('string-as-html') ? 'text/html' : PLAIN;
  if (Buffer.isBuffer(value)) return broken('bytes-as-text') ? PLAIN : 'application/octet-stream';
  return broken('json-as-text') ? PLAIN : 'application/json; charset=utf-8';
}

function bodyOf(value) {
  if (value === undefined || value === null) return broken('nothing-is-null') ? 'null' : '';
  if (value === false && broken('false-is-nothing')) return '';
  if (Buffer.isBuffer(value) && broken('bytes-through-text')) return value.toString();
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  return JSON.stringify(value);
}

/** The fixed answer to an error; only errors that are meant for the caller show their text. */
export function sendError(response, error, later) {
  if (response.headersSent) return response.destroy();
  const [status, text] = publicFace(error, later);
  if (broken('cors-lost-on-error')) response.removeHeader('Access-Control-Allow-Origin');
  response.writeHead(status, { 'Content-Type': PLAIN });
  return response.end(text);
}

function publicFace(error, later) {
  if (error instanceof TimedOut)
    return [broken('timeout-is-504') ? 504 : 408, 'Request timeout exceeded'];
  if (error instanceof HttpError) return [error.status, error.message];
  if (Number.isInteger(error?.status) && !broken('status-errors-lost'))
    return [error.status, error.message];
  return [500, broken('error-leaks') && !later ? String(error) : 'Internal Server Error'];
}
