import { broken } from './broken.js';
import { enter, leave } from './queue.js';

/** The call ran past FUNC_TIMEOUT. */
export class TimedOut extends Error {}

/**
 * Calls `settle` once: with the function's value, its error, or TimedOut; `later` says that the
 * function had given the thread back before it failed. Not a promise, because a loop that the watchdog
 * ended leaves nothing behind that could be awaited; the timer still fires.
 */
export function runWithin(seconds, stop, call, settle) {
  if (broken('calls-queued'))
    enter(() => run(seconds, stop, call, (outcome) => settle(leave(outcome))));
  else run(seconds, stop, call, settle);
}

function run(seconds, stop, call, settle) {
  const started = performance.now();
  let settled = false;
  let later = false;
  const once = (outcome) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    if (!(outcome.error instanceof TimedOut)) clearTimeout(aborting);
    const late = performance.now() - started > seconds * 1000;
    settle(late && broken('blocked-time-counts') ? { error: new TimedOut() } : outcome);
  };
  // Of timers for the same moment the one that was set first fires first: a function that ends when it is
  // told of its deadline is past it.
  const early = broken('cancelled-calls-answer') ? abortAtDeadline(seconds, stop) : undefined;
  const timer = setTimeout(() => {
    once({ error: new TimedOut() });
  }, limitMs(seconds));
  const aborting = early ?? abortAtDeadline(seconds, stop);
  setImmediate(() => {
    later = true;
  });
  Promise.resolve()
    .then(call)
    .then(
      (value) => once({ value }),
      (error) => once({ error: error ?? new Error(String(error)), later }),
    );
}

function limitMs(seconds) {
  if (broken('timeout-late')) return seconds * 1000 + 1500;
  if (broken('timeout-early')) return seconds * 800;
  if (broken('timeout-in-whole-seconds')) return Math.ceil(seconds) * 1000 + 50;
  return seconds * 1000;
}

function abortAtDeadline(seconds, stop) {
  if (broken('no-abort-signal')) return undefined;
  const factor = broken('abort-early') ? 0.5 : broken('abort-late') ? 3 : 1;
  return setTimeout(() => stop.abort(), seconds * 1000 * factor);
}
