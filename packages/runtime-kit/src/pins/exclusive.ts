import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { RuntimeKitError } from '../errors.js';
import { writeFailure } from './write.js';

/** A lock whose holder has not touched it for so long is a dead process's. */
const STALE_MS = 10_000;

/**
 * Runs work that no other process does in the same folder at the same time. The lock is an empty folder,
 * which git does not see.
 *
 * @throws RuntimeKitError PIN_BUSY, WRITE_FAILED
 */
export async function exclusively<Result>(
  folder: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const release = await take(folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function take(folder: string): Promise<() => Promise<void>> {
  const lockfilePath = join(folder, '.lock');
  try {
    await mkdir(folder, { recursive: true });
    return await lock(folder, { lockfilePath, stale: STALE_MS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw writeFailure(error);
    throw new RuntimeKitError('PIN_BUSY', `another process is changing the pins in ${folder}`, {
      hint: `try again when it is done; ${lockfilePath} of a process that was killed is taken over after 10 s`,
      cause: error,
    });
  }
}
