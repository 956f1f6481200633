import { setTimeout as sleep } from 'node:timers/promises';
import { TooLate } from './expect.js';

/** A process has ended by then after the answer or the line that was its last. */
export const ENDED_WITHIN_MS = 500;

/**
 * Asks again until there is a value, and returns it.
 *
 * @throws TooLate "`what` did not happen within …" with `last()`, what was seen instead.
 */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T | undefined | false>,
  last: () => string = () => '',
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    if (Date.now() >= end) {
      const seen = last();
      throw new TooLate(`${what} did not happen within ${withinMs} ms${seen && `; ${seen}`}`);
    }
    await sleep(25);
  }
}
