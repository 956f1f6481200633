import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as bench from '../bench/index.js';
import { RuntimeKitError } from '../errors.js';
import { renderResult } from './bench-text.js';
import type { BenchFlags } from './commands/bench.js';
import { print, printJson } from './print.js';

const MINUTE = 60;

/** A line for each step on stderr: a run takes long, and says how far it is and what it saw. */
export function progressPrinter(): (event: bench.BenchEvent) => void {
  let steps = 0;
  return (event) => {
    if (event.type === 'planned') steps = event.steps;
    process.stderr.write(`${lineOf(event, steps)}\n`);
  };
}

function lineOf(event: bench.BenchEvent, steps: number): string {
  if (event.type === 'status') return event.text;
  if (event.type === 'planned') {
    const minutes = Math.ceil(event.seconds / MINUTE);
    return `${event.steps} steps, about ${minutes} minute${minutes === 1 ? '' : 's'}`;
  }
  const { step, result, done } = event;
  const what = step.kind === 'start' ? 'start' : step.scenario;
  return `[${done}/${steps}] ${step.target} ${what}, round ${step.round + 1}: ${seen(result)}`;
}

function seen(result: bench.LoadRun | bench.StartRun): string {
  if (result.void !== undefined) return `void: ${bench.oneLine(result.void)}`;
  if ('scenario' in result) return `${Math.round(result.throughput ?? 0)} requests/s`;
  return `${Math.round(result.startMs ?? 0)} ms`;
}

export function printCleaned(names: string[]): void {
  for (const name of names) print(`removed ${name}`);
  if (names.length === 0) print('no benchmark has made an image here');
}

/**
 * Shows and keeps a result.
 *
 * @throws RuntimeKitError BENCH_VOID where runs of our own images did not count, BUDGET_EXCEEDED.
 */
export async function showResult(
  repository: string,
  result: bench.BenchResult,
  against: bench.BenchResult | undefined,
  flags: BenchFlags,
): Promise<void> {
  const earlier = against ?? (await bench.latestResult(repository, result.started));
  const file = await bench.writeResult(repository, result);
  if (flags.json) printJson(result);
  else print(renderResult(result, against));
  await writePages(result, flags);
  if (!flags.json) print(`\nraw data: ${relative(process.cwd(), file)}`);
  refuseVoid(result);
  if (flags.budgets) refuseOverBudget(result, earlier);
}

async function writePages(result: bench.BenchResult, { markdown, svg }: BenchFlags): Promise<void> {
  const charts: { title: string; path: string }[] = [];
  if (svg !== undefined) {
    const { renderCharts } = await import('../bench/report/charts.js');
    await mkdir(svg, { recursive: true });
    for (const { title, name, text } of await renderCharts(bench.summarize(result))) {
      const file = join(svg, `${name}.svg`);
      await writeFile(file, text);
      if (markdown !== undefined) charts.push({ title, path: relative(dirname(markdown), file) });
    }
  }
  if (markdown === undefined) return;
  const page = await readFile(markdown, 'utf8').catch(() => undefined);
  await writeFile(markdown, bench.intoPage(page, bench.renderMarkdown(result, { charts })));
}

function refuseVoid(result: bench.BenchResult): void {
  const voids = bench.ourVoids(result);
  if (voids.length === 0) return;
  throw new RuntimeKitError(
    'BENCH_VOID',
    `${voids.length === 1 ? 'a run' : `${voids.length} runs`} of our own images did not count\n  ${voids.join('\n  ')}`,
    { hint: '`runtime-kit verify` tells whether the image keeps the contract' },
  );
}

function refuseOverBudget(result: bench.BenchResult, earlier: bench.BenchResult | undefined): void {
  const over = bench.judgeBudgets(bench.summarize(result)).filter(({ met }) => !met);
  if (over.length === 0) return;
  const old = earlier ? bench.judgeBudgets(bench.summarize(earlier)) : [];
  const lines = over.map(({ runtime, what, wanted, measured, unit }) => {
    const was = old.find((one) => one.runtime === runtime && one.what === what)?.measured;
    const values = [`old ${shown(was)}`, `new ${shown(measured)}`, `allowed ${shown(wanted)}`];
    return `${runtime}: ${what}: ${values.join(', ')} ${unit}`;
  });
  throw new RuntimeKitError('BUDGET_EXCEEDED', `over budget\n  ${lines.join('\n  ')}`, {
    hint: 'budgets stand in runtime.yaml; the raw data is in .runtime-kit/bench',
  });
}

function shown(value: number | undefined): string {
  return value === undefined ? 'unknown' : value.toFixed(1);
}
