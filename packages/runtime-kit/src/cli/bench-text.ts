import * as bench from '../bench/index.js';
import { renderTable } from './print.js';

/** The result for a terminal: conditions, warnings, tables, goals, and what changed. */
export function renderResult(result: bench.BenchResult, against?: bench.BenchResult): string {
  const runtimes = bench.summarize(result);
  const goals = bench.measuredOnly(bench.judgeGoals(runtimes));
  return [
    ...bench.environmentLines(result),
    ...bench.warningsOf(result).map((warning) => `warning: ${warning}`),
    ...runtimes.flatMap((runtime) => [
      `\n${runtime.runtime}`,
      ...bench.scenarioTables(runtime).map(titled),
      titled(bench.footprintTable(runtime)),
    ]),
    ...voidLines(result),
    ...(goals.length > 0 ? [titled(bench.verdictTable('goals', goals))] : []),
    ...(against ? comparison(against, result) : []),
  ].join('\n');
}

function comparison(against: bench.BenchResult, result: bench.BenchResult): string[] {
  return [
    ...bench
      .differencesOf(against, result)
      .map((line) => `warning: not the same conditions: ${line}`),
    titled(bench.changeTable(bench.compareResults(against, result))),
  ];
}

/** Each reason once, with how often it came. */
function voidLines({ starts, loads }: bench.BenchResult): string[] {
  const counts = new Map<string, number>();
  for (const run of [...starts, ...loads]) {
    if (run.void === undefined) continue;
    const what = 'scenario' in run ? run.scenario : 'start';
    const line = `${run.target} ${what}: ${bench.oneLine(run.void)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  return ['\nvoid', ...[...counts].map(([line, count]) => `${count} × ${line}`)];
}

function titled({ title, head, rows }: bench.TextTable): string {
  return `\n${title}${rows.length > 0 ? `\n${renderTable(head, rows)}` : ''}`;
}
