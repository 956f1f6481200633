/** Calls that run at a time in a server that queues them. */
const PLACES = 4;

const waiting = [];
let running = 0;

/** Starts a call as soon as there is a place. */
export function enter(start) {
  if (running === PLACES) return waiting.push(start);
  running += 1;
  return start();
}

export function leave(outcome) {
  running -= 1;
  const next = waiting.shift();
  if (next) enter(next);
  return outcome;
}
