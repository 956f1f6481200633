import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/runtime-kit.js', import.meta.url));
const KUBELESS = fileURLToPath(new URL('../../../kubeless-cli/bin/kubeless.js', import.meta.url));

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
  /** What it reads from stdin. */
  input?: string;
}

/** Runs the compiled command as a process of its own. */
export function runtimeKit(args: string[], options?: CliOptions): Promise<CliResult> {
  return runProgram(BIN, args, options);
}

/** The same of the command for functions. */
export function kubeless(args: string[], options?: CliOptions): Promise<CliResult> {
  return runProgram(KUBELESS, args, options);
}

async function runProgram(
  program: string,
  args: string[],
  { cwd = process.cwd(), env = {}, reads = true, input }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (!reads) child.stdout.destroy();
  const [code, stdout, stderr] = await Promise.all([
    ended,
    reads ? text(child.stdout) : '',
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
