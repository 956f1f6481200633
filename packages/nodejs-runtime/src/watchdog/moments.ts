import { hrtime } from 'node:process';

/** Suspensions. One call hardly meets more of them. */
export const REMEMBERED = 16;

/** The moments that a worker's main thread and its watchdog thread share, by `sharedNow`: 64-bit integers. */
export const MOMENTS = {
  /** When the main thread last ended its rest. */
  woken: 0,
  /** From here on, beginning and end of the latest suspensions, of number n at 2 * (n % REMEMBERED). */
  suspended: 1,
} as const;

export type Moments = BigInt64Array<SharedArrayBuffer>;

export function createMoments(): Moments {
  const count = MOMENTS.suspended + 2 * REMEMBERED;
  return new BigInt64Array(new SharedArrayBuffer(count * BigInt64Array.BYTES_PER_ELEMENT));
}

/** Milliseconds on a clock that all threads share. */
export const sharedNow = (): number => Number(hrtime.bigint() / 1_000_000n);
