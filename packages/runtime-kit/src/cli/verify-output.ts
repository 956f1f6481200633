import { writeFile } from 'node:fs/promises';
import {
  type Progress,
  type Report,
  renderTable,
  type VerifyOptions,
} from '../conformance/index.js';
import { RuntimeKitError } from '../errors.js';
import type { VerifyFlags } from './commands/verify.js';
import { print, seconds } from './print.js';

export function printNothingNew(): void {
  print('everything is proved already: same images, same suite');
}

/** One line that changes on a terminal; elsewhere a line for each target that is done. */
export function progressPrinter(): (progress: Progress) => void {
  const live = process.stderr.isTTY && !process.env.CI;
  const all = new Map<string, Progress>();
  return (progress) => {
    all.set(progress.target, progress);
    const done = progress.done === progress.total;
    if (!live) {
      if (done) process.stderr.write(`${line(progress)}\n`);
      return;
    }
    const finished = [...all.values()].every((one) => one.done === one.total);
    process.stderr.write(
      `\r\x1b[K${[...all.values()].map(line).join('   ')}${finished ? '\n' : ''}`,
    );
  };
}

function line({ target, done, total, failed }: Progress): string {
  return `${target}: ${done}/${total} cases${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** The reporters that vitest brings, under our names. */
export function machineReporter({
  reporter,
  output,
}: VerifyFlags): VerifyOptions['machineReporter'] | undefined {
  if (reporter === 'junit') return { name: 'junit', output };
  if (reporter === 'github') return { name: 'github-actions', output: undefined };
  return undefined;
}

/**
 * Shows or writes the report.
 *
 * @throws RuntimeKitError VERIFY_FAILED where a rule failed.
 */
export async function showReport(report: Report, flags: VerifyFlags): Promise<void> {
  const text = renderReport(report, flags);
  if (text !== undefined && flags.output === undefined) process.stdout.write(text);
  if (text !== undefined && flags.output !== undefined) await writeFile(flags.output, text);
  if (report.passed) return;
  const failed = report.targets.flatMap(({ rules }) =>
    rules.filter(({ status }) => status === 'failed').map(({ id }) => id),
  );
  throw new RuntimeKitError(
    'VERIFY_FAILED',
    `${failed.length === 1 ? '1 rule' : `${failed.length} rules`} failed in ${seconds(report.durationMs)}`,
    { hint: `repeat one with --rule ${failed[0]}` },
  );
}

function renderReport(report: Report, { reporter }: VerifyFlags): string | undefined {
  if (reporter === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  return reporter === 'table' ? renderTable(report) : undefined;
}
