import pc from 'picocolors';
import { doubtOf, type Pinned } from '../config/index.js';
import { writeTogether } from '../pins/index.js';

/** A text as it is, its last bytes too. */
export async function printText(text: string, output: string | undefined): Promise<void> {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeTogether(new Map([[output, text]]));
  process.stderr.write(`wrote ${output}\n`);
}

export function warnOfUnverified({ locks }: Pinned): void {
  for (const lock of locks) {
    const doubt = doubtOf(lock);
    if (doubt !== undefined)
      process.stderr.write(
        `${pc.yellow('unverified:')} ${lock.runtime} is not proved by any report: ${doubt}\n`,
      );
  }
}
