import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { PhaseResult } from '../target.js';

/** Runs `--prepare`, which stands for the phases of a local process, to its end. */
export async function runShell(
  command: string,
  folder: string,
  env: Record<string, string>,
  terminationLog: string,
): Promise<PhaseResult> {
  const started = Date.now();
  const child = spawn(command, {
    shell: true,
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  const termination = await readFile(terminationLog, 'utf8').catch(() => '');
  const durationMs = Date.now() - started;
  return { step: 'compilation', code: code ?? 1, stdout, stderr, termination, durationMs };
}
