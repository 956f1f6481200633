import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { RuntimeKitError } from '../errors.js';
import { RegistryFailure } from './failure.js';

/** A registry that asks for more than this is not waited for. */
const LONGEST_WAIT_MS = 60_000;

export interface RetryOptions {
  /** How often after the first try; 4 if unset, which waits 8 s together. */
  retries?: number;
  /** Before the second try; doubled with each. */
  firstWaitMs?: number;
  onRetry?: (error: RuntimeKitError) => void;
  signal?: AbortSignal | undefined;
}

/** Tries again what may pass: errors whose exit code says so. All others are thrown at once. */
export async function retrying<Result>(
  work: () => Promise<Result>,
  { retries = 4, firstWaitMs = 500, onRetry, signal }: RetryOptions = {},
): Promise<Result> {
  return pRetry(work, {
    retries,
    minTimeout: firstWaitMs,
    factor: 2,
    ...(signal ? { signal } : {}),
    shouldRetry: ({ error }) => mayPass(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (!mayPass(error) || retriesLeft === 0) return;
      onRetry?.(error as RuntimeKitError);
      const wait = error instanceof RegistryFailure ? error.retryAfterMs : 0;
      if (wait > LONGEST_WAIT_MS) throw error;
      if (wait > 0) await sleep(wait, undefined, signal ? { signal } : {});
    },
  });
}

function mayPass(error: unknown): boolean {
  return error instanceof RuntimeKitError && error.exitCode === 75;
}
