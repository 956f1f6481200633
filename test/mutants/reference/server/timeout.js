import { broken } from './broken.js';

/** The call ran past FUNC_TIMEOUT. */
export class TimedOut extends Error {}

/**
 * Calls `settle` once: with the function's value, its error, or TimedOut. Not a promise, because a
 * loop that the watchdog ended leaves nothing behind that could be awaited; the timer still fires.
 */
export function runWithin(seconds, stop, call, settle) {
  let settled = false;
  const once = (outcome) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    settle(outcome);
  };
  const late = broken('timeout-late') ? 1500 : 0;
  const timer = setTimeout(
    () => {
      if (!broken('no-abort-signal')) stop.abort();
      once({ error: new TimedOut() });
    },
    seconds * 1000 + late,
  );
  Promise.resolve()
    .then(call)
    .then(
      (value) => once({ value }),
      (error) => once({ error: error ?? new Error(String(error)) }),
    );
}
