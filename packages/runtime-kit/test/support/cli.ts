import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/runtime-kit.js', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Whether anybody reads what it prints. */
  reads?: boolean;
}

/** Runs the compiled command as a process of its own. */
export async function runtimeKit(
  args: string[],
  { cwd = process.cwd(), env = {}, reads = true }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (!reads) child.stdout.destroy();
  const [code, stdout, stderr] = await Promise.all([
    ended,
    reads ? text(child.stdout) : '',
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
