import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, RuntimeKitError } from '../errors.js';

/**
 * Writes files, text by path, all or none: nothing gets its name before the last of them is on the disk.
 * They appear in the order given.
 *
 * @throws RuntimeKitError WRITE_FAILED
 */
export async function writeTogether(files: Map<string, string>): Promise<void> {
  const staged = [...files].map(([file, text]) => ({
    file,
    text,
    part: `${file}.${randomUUID()}`,
  }));
  try {
    for (const { part, text } of staged) await writeThrough(part, text);
  } catch (error) {
    await Promise.all(staged.map(({ part }) => rm(part, { force: true }).catch(() => {})));
    throw writeFailure(error);
  }
  for (const { part, file } of staged) await rename(part, file);
}

export function writeFailure(error: unknown): RuntimeKitError {
  return new RuntimeKitError('WRITE_FAILED', `nothing was written: ${messageOf(error)}`, {
    hint: 'make room on the disk, or mend the permissions of the folder, and run it again',
    cause: error,
  });
}

async function writeThrough(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    // Some file systems say only here that the disk is full.
    await handle.sync();
  } finally {
    await handle.close();
  }
}
