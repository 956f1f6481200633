import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../packages/runtime-kit/src/conformance/index.js';

const RUN = fileURLToPath(new URL('./run.js', import.meta.url));

export interface Subject {
  name: string;
  /** The way in which it breaks the contract; it keeps it if unset. */
  mutant?: string;
  /** Rules to prove; all if unset. */
  only?: string[];
}

/** Runs the compiled suite in a process of its own: vitest cannot be started inside vitest. */
export function verifyReference(subjects: Subject[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 2 ** 20 };
    const child = execFile(process.execPath, [RUN], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout) as Report);
    });
    child.stdin?.end(JSON.stringify(subjects));
  });
}
