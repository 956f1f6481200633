import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { COUNTS_BYTES, type Counts, readCounts } from '../counts.js';

/** Containers have the first in memory, also where all else is read-only; not all systems have it. */
const FOLDERS = ['/dev/shm', os.tmpdir()];

let created = 0;

/** Holds what one worker counts, and still does when that worker was killed. */
export class CountsFile {
  /** To be handed to the worker. */
  readonly fd = create();

  read(): Counts {
    const bytes = new Uint8Array(COUNTS_BYTES);
    readSync(this.fd, bytes, 0, COUNTS_BYTES, 0);
    return readCounts(bytes);
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** A file without a name: it is gone when the last process closes it. */
function create(): number {
  const problems: string[] = [];
  for (const folder of FOLDERS) {
    const file = path.join(folder, `runtime-kit-counts-${process.pid}-${Date.now()}-${++created}`);
    let fd: number | undefined;
    try {
      fd = openSync(file, 'wx+', 0o600);
      unlinkSync(file);
      // All of its memory now, as a worker could do nothing if there were none left later.
      writeSync(fd, new Uint8Array(COUNTS_BYTES), 0, COUNTS_BYTES, 0);
      return fd;
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      problems.push((error as Error).message);
    }
  }
  throw new Error(
    `runtime-kit: a worker's counts need a file in memory: mount a tmpfs on ${FOLDERS.join(' or ')} (${problems.join('; ')})`,
  );
}
