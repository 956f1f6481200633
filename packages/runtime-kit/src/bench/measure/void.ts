import type { LoadResult } from '../load/request.js';
import { NotReady } from './server.js';

/** The run does not count; the message says why. */
export class Void extends Error {}

export function reasonOf(error: unknown): string {
  if (error instanceof Void || error instanceof NotReady) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** @param when for the reason: `under load`. */
export function refuseErrors(
  { requests, errors, errorText, wrong = 0 }: LoadResult,
  when: string,
): void {
  if (requests === 0) throw new Void(`no answer ${when}`);
  if (errors > 0) throw new Void(`errors ${when}: ${errorText}`);
  if (wrong > 0) throw new Void(`${wrong} of ${requests} answers were wrong ${when}`);
}

/**
 * Where answers are not read, they must be as long as the right ones.
 *
 * @param tolerance bytes that the averages may lie apart.
 */
export function refuseOtherSize(
  { bytes, requests }: LoadResult,
  right: number,
  tolerance: number,
  when: string,
): void {
  const size = bytes / requests;
  if (Math.abs(size - right) <= tolerance) return;
  throw new Void(
    `answers ${when} had ${size.toFixed(1)} bytes on average, the right ones ${right.toFixed(1)}`,
  );
}
