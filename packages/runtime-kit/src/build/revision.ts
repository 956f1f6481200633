import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InputFile } from './inputs.js';

const run = promisify(execFile);

/** The commit that last touched a folder. */
export interface Revision {
  /** Full hash, with `-dirty` behind it where the folder has uncommitted changes. */
  commit: string;
  /** ISO 8601. */
  date: string;
}

/**
 * Outside a git repository, or before the first commit: `unknown` and the newest of the inputs'
 * times, so that building the same files twice makes the same image.
 */
export async function revisionOf(folder: string, inputs: InputFile[]): Promise<Revision> {
  const found = await committedRevision(folder);
  if (found) return found;
  const newest = Math.max(...inputs.map(({ modified }) => modified.getTime()));
  return { commit: 'unknown', date: new Date(newest).toISOString() };
}

/** undefined outside a git repository, or before the first commit. */
export async function committedRevision(folder: string): Promise<Revision | undefined> {
  try {
    const [{ stdout: last }, { stdout: changes }] = await Promise.all([
      run('git', ['log', '-1', '--format=%H %cI', '--', '.'], { cwd: folder }),
      run('git', ['status', '--porcelain', '--', '.'], { cwd: folder }),
    ]);
    const [commit, date] = last.trim().split(' ');
    if (commit && date) return { commit: changes ? `${commit}-dirty` : commit, date };
  } catch {
    // no git here
  }
  return undefined;
}
