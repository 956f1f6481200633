import { writeFile } from 'node:fs/promises';
import { RuntimeKitError } from '../errors.js';
import { renderSoak, type SoakProgress, type SoakReport } from '../soak/index.js';
import type { SoakFlags } from './commands/soak.js';
import { liveLine } from './live-line.js';
import { mebibytes } from './print.js';

const LINE_EVERY_MS = 30_000;

export function soakProgress(): (progress: SoakProgress) => void {
  const print = liveLine(LINE_EVERY_MS);
  return (progress) => print(lineOf(progress), progress.elapsedMs >= progress.durationMs);
}

function lineOf({
  target,
  elapsedMs,
  durationMs,
  calls,
  wrong,
  memoryBytes,
}: SoakProgress): string {
  const time = `${clock(elapsedMs)} of ${clock(durationMs)}`;
  const memory = memoryBytes === undefined ? '' : `, ${mebibytes(memoryBytes)}`;
  return `${target}: ${time}, ${calls} calls, ${wrong} wrong${memory}`;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Shows or writes the report.
 *
 * @throws RuntimeKitError SOAK_FAILED where something was not right.
 */
export async function showSoak(report: SoakReport, { json, output }: SoakFlags): Promise<void> {
  const text = json ? `${JSON.stringify(report, null, 2)}\n` : renderSoak(report);
  if (output === undefined) process.stdout.write(text);
  else await writeFile(output, text);
  if (report.passed) return;
  const failed = report.targets.filter(({ violations }) => violations.length > 0);
  throw new RuntimeKitError(
    'SOAK_FAILED',
    failed.map(({ name, violations }) => `${name}: ${violations[0]}`).join('\n'),
    { hint: `the same calls again: --seed ${report.seed}` },
  );
}
