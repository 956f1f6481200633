import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report, TargetRequest } from '../../packages/runtime-kit/src/conformance/index.js';

const RUN = fileURLToPath(new URL('./run.js', import.meta.url));
/** Folder of the reference language: its manifest, its server, its fixtures. */
export const REFERENCE = fileURLToPath(new URL('./reference/', import.meta.url));

type Unnamed<Request> = Request extends unknown ? Omit<Request, 'language'> : never;
/** A target that runs the reference language. */
export type ReferenceTarget = Unnamed<TargetRequest>;

export interface Run {
  /** Ends the run, and what it started. */
  signal: AbortSignal;
  trustedCaFile?: string | undefined;
  /** Targets at a time. */
  workers?: number;
  /** Whether cases that are late are asked again; a mutant that is late is so the second time, too. */
  remeasures?: boolean;
}

/** Runs the compiled suite in a process of its own: vitest cannot be started inside vitest. */
export function verifyTargets(
  targets: ReferenceTarget[],
  { signal, remeasures = false, ...options }: Run,
): Promise<Report> {
  return new Promise((resolve, reject) => {
    const limits = { maxBuffer: 256 * 2 ** 20, signal };
    const child = execFile(process.execPath, [RUN], limits, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout) as Report);
    });
    child.stdin?.write(
      `${JSON.stringify({ runtime: REFERENCE, targets, remeasures, ...options })}\n`,
    );
  });
}

/** The reference server as a local process; `mutant` is how it breaks the contract. */
export function processOf(options: {
  name: string;
  mutant?: string;
  only?: string[];
}): ReferenceTarget {
  const { name, mutant = 'none', only } = options;
  return {
    kind: 'command',
    name,
    workingFolder: REFERENCE,
    command: `env RUNTIME_KIT_MUTANT=${mutant} node server/main.js`,
    ...(only ? { only } : {}),
  };
}
