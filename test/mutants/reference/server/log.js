import { broken } from './broken.js';

const FLUSH_MS = broken('log-lost-at-exit') ? 300 : 20;
const LONG_LINE = 80;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const stdout = process.stdout.write.bind(process.stdout);
const stderr = process.stderr.write.bind(process.stderr);
let waiting = '';

// What the function prints, in pieces between which something else may be written.
if (broken('lines-torn'))
  process.stdout.write = (text, ...others) => {
    if (text.length < LONG_LINE) return stdout(text, ...others);
    const middle = Math.ceil(text.length / 2);
    setTimeout(() => stdout(text.slice(middle)), FLUSH_MS);
    return stdout(text.slice(0, middle), ...others);
  };

/** One access line; lines are written in batches. */
export function logAccess(format, call) {
  const isJson = format === 'json';
  const line = isJson ? jsonLine(call) : combinedLine(call);
  if (broken('no-access-log') && !isJson) return;
  if (waiting === '') setTimeout(flushLog, broken('log-late') && !isJson ? 1500 : FLUSH_MS);
  waiting += `${line}\n`;
  if (broken('logs-twice') && !isJson) waiting += `${line}\n`;
}

export function flushLog() {
  const text = waiting;
  waiting = '';
  if (text !== '') stdout(text);
}

/** What is not written by now never is. */
export function dropLog() {
  waiting = '';
}

/** An error, with its stack where it has one, to stderr. */
export function logError(format, error) {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (format === 'json' && !broken('json-errors-as-text'))
    stderr(`${JSON.stringify({ time: isoTime(new Date()), level: 'error', message, stack })}\n`);
  else stderr(`${broken('stack-not-logged') ? message : (stack ?? message)}\n`);
}

function combinedLine({ remote, at, method, url, status, bytes, referer = '-', agent = '-' }) {
  const request = broken('line-without-query') ? url.split('?')[0] : url;
  return `${remote} - - [${clock(at)}] "${method} ${request} HTTP/1.1" ${status} ${bytes || '-'} "${escaped(referer)}" "${escaped(agent)}"`;
}

/** What the caller sends must not end its field, or the line. */
function escaped(text) {
  return broken('line-unescaped') ? text : text.replaceAll(/["\\]/g, '\\$&');
}

function clock(at) {
  const shown = broken('log-in-local-time') ? localTime(at) : at;
  const [year, month, day] = shown.toISOString().slice(0, 10).split('-');
  const date = `${day}/${MONTHS[month - 1]}/${year}`;
  return `${date}:${shown.toISOString().slice(11, 19)} +0000`;
}

/** The moment whose UTC clock shows what the local one shows now. */
function localTime(at) {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
}

function isoTime(at) {
  return (broken('json-time-is-local') ? localTime(at) : at).toISOString();
}

function jsonLine({ at, method, url, status, durationMs, bytes, eventId, traceparent, remote }) {
  const line = {
    time: isoTime(at),
    level: 'info',
    method,
    path: url.split('?')[0],
    status,
    durationMs: broken('json-duration-in-seconds') ? durationMs / 1000 : durationMs,
    bytes,
  };
  if (broken('json-absent-left-out'))
    return JSON.stringify({ ...line, eventId, traceparent, remote });
  const more = { eventId: eventId ?? null, traceparent: traceparent ?? null, remote };
  return JSON.stringify(broken('json-keys-missing') ? line : { ...line, ...more });
}
