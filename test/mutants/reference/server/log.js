import { broken } from './broken.js';

const FLUSH_MS = 20;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let waiting = '';

/** One access line; lines are written in batches. */
export function logAccess(format, call) {
  const line = format === 'json' ? jsonLine(call) : combinedLine(call);
  if (broken('no-access-log')) return;
  if (waiting === '') setTimeout(flushLog, broken('log-late') ? 1500 : FLUSH_MS);
  waiting += `${line}\n`;
  if (broken('logs-twice')) waiting += `${line}\n`;
}

export function flushLog() {
  const text = waiting;
  waiting = '';
  if (text !== '') process.stdout.write(text);
}

/** An error, with its stack where it has one, to stderr. */
export function logError(format, error) {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (broken('error-not-logged')) return;
  if (format === 'json' && !broken('json-errors-as-text'))
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level: 'error', message, stack })}\n`,
    );
  else process.stderr.write(`${stack ?? message}\n`);
}

function combinedLine({ remote, at, method, url, status, bytes, referer = '-', agent = '-' }) {
  const request = broken('log-drops-query') ? url.split('?')[0] : url;
  return `${remote} - - [${clock(at)}] "${method} ${request} HTTP/1.1" ${status} ${bytes || '-'} "${escaped(referer)}" "${escaped(agent)}"`;
}

/** What the caller sends must not end its field, or the line. */
function escaped(text) {
  return broken('log-unescaped') ? text : text.replaceAll(/["\\]/g, '\\$&');
}

function clock(at) {
  const two = (value) => String(value).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${at.toISOString().slice(11, 19)} +0000`;
}

function jsonLine({ at, method, url, status, durationMs, bytes, eventId, traceparent, remote }) {
  const line = {
    time: at.toISOString(),
    level: 'info',
    method,
    path: url.split('?')[0],
    status,
    durationMs,
    bytes,
  };
  const more = { eventId: eventId ?? null, traceparent: traceparent ?? null, remote };
  return JSON.stringify(broken('json-log-keys-missing') ? line : { ...line, ...more });
}
