import { writeFile } from 'node:fs/promises';
import { RuntimeKitError } from '../errors.js';
import { type FuzzProgress, type FuzzReport, renderFuzz } from '../fuzz/index.js';
import type { FuzzFlags } from './commands/fuzz.js';
import { liveLine } from './live-line.js';

const LINE_EVERY_MS = 10_000;

export function fuzzProgress(): (progress: FuzzProgress) => void {
  const print = liveLine(LINE_EVERY_MS);
  return ({ target, done, total, wrong }) =>
    print(`${target}: ${done}/${total} inputs, ${wrong} wrong`, done === total);
}

/**
 * Shows or writes the report.
 *
 * @throws RuntimeKitError FUZZ_FAILED where something was not right.
 */
export async function showFuzz(report: FuzzReport, { json, output }: FuzzFlags): Promise<void> {
  const text = json ? `${JSON.stringify(report, null, 2)}\n` : renderFuzz(report);
  if (output === undefined) process.stdout.write(text);
  else await writeFile(output, text);
  if (report.passed) return;
  const failed = report.targets.filter(({ violations }) => violations.length > 0);
  const [first] = failed.flatMap(({ records }) => records);
  throw new RuntimeKitError(
    'FUZZ_FAILED',
    failed.map(({ name, violations }) => `${name}: ${violations.length} violations`).join('\n'),
    { hint: `repeat one: ${repeat(report.seed, first?.index ?? 0)}` },
  );
}

/** This command line again, for one input. */
function repeat(seed: number, index: number): string {
  const own = ['--seed', '--only', '--count', '--output'];
  const given = process.argv.slice(2);
  const kept = given.filter(
    (argument, at) =>
      argument !== '--json' && !own.includes(argument) && !own.includes(given[at - 1] ?? ''),
  );
  const words = [...kept, '--seed', String(seed), '--only', String(index)];
  return `runtime-kit ${words.map((word) => (/^[\w./:@-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`;
}
