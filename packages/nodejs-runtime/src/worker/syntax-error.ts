import { spawnSync } from 'node:child_process';

/** Files beyond these are not checked: each takes a process. */
const MOST_FILES = 20;

/**
 * A caught SyntaxError does not say where it is: Node adds file and line only when it prints one that
 * nobody caught. So Node checks the files once more.
 *
 * @param files that were loaded, in that order; the last ones are the most suspicious
 * @returns what Node prints for the first that is malformed; undefined where none is
 */
export function explainSyntaxError(files: string[]): string | undefined {
  for (const file of files.slice(-MOST_FILES).reverse()) {
    const { stderr, status } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
    if (status !== 0) return stderr.trim() || undefined;
  }
  return undefined;
}
