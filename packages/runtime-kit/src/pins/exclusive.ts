import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { RuntimeKitError } from '../errors.js';

/** A lock whose holder has not touched it for so long is a dead process's. */
const STALE_MS = 10_000;

/**
 * Runs work that no other process does in the same folder at the same time. The lock is an empty folder,
 * which git does not see.
 *
 * @throws RuntimeKitError PIN_BUSY
 */
export async function exclusively<Result>(
  folder: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(folder, { recursive: true });
  const lockfilePath = join(folder, '.lock');
  const release = await lock(folder, { lockfilePath, stale: STALE_MS }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    throw new RuntimeKitError('PIN_BUSY', `another process is changing the pins in ${folder}`, {
      hint: `try again when it is done; ${lockfilePath} of a process that was killed is taken over after 10 s`,
      cause: error,
    });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
