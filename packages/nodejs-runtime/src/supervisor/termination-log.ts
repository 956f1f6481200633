import { closeSync, existsSync, openSync, writeSync } from 'node:fs';

const DEFAULT_FILE = '/dev/termination-log';

/** Kubernetes shows this many bytes. */
const LIMIT = 4096;

/** Leaves the reason of the end where the platform looks for it; a missing default file is no error. */
export function writeTerminationLog(reason: string): void {
  const file = process.env.KUBELESS_TERMINATION_LOG || DEFAULT_FILE;
  if (file === DEFAULT_FILE && !existsSync(file)) return;
  try {
    const log = openSync(file, 'w');
    writeSync(log, Buffer.from(`${reason}\n`).subarray(0, LIMIT));
    closeSync(log);
  } catch (error) {
    console.error(`runtime-kit: the termination log ${file} cannot be written: ${error}`);
  }
}
