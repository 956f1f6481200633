import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { REFERENCE } from './verify-reference.js';

const BIN = fileURLToPath(
  new URL('../../packages/runtime-kit/bin/runtime-kit.js', import.meta.url),
);

export interface Finding {
  code: number;
  /** What the reference server did wrong. */
  violations: string[];
}

/** Runs a command against the reference server as a process, broken in one way or not at all. */
export function tryReference(
  command: 'soak' | 'fuzz',
  mutant: string | undefined,
  flags: string[],
): Promise<Finding> {
  const server = `env RUNTIME_KIT_MUTANT=${mutant ?? 'none'} node server/main.js`;
  const target = ['--runtime', '.', '--command', server, '--json'];
  return new Promise((resolve, reject) => {
    const options = { cwd: REFERENCE, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [BIN, command, ...target, ...flags], options, (error, out, err) => {
      const code = Number(error?.code ?? 0);
      if (code > 1 || Number.isNaN(code)) return reject(new Error(`${error?.message}\n${err}`));
      const [result] = JSON.parse(out).targets;
      resolve({ code, violations: result.violations });
    });
  });
}
