import Table from 'cli-table3';
import pc from 'picocolors';
import { isEqual } from './counters.js';
import type { SoakReport, SoakResult } from './report.js';

/** What came of each target: calls by kind, then memory, timeouts and metrics, then what is wrong. */
export function renderSoak(report: SoakReport): string {
  const { seed, connections, timeoutSeconds, memoryMiB } = report;
  const head = `${connections} connections, seed ${seed}, FUNC_TIMEOUT=${timeoutSeconds}, memory limit ${memoryMiB} MiB (of a container)`;
  return `${[head, ...report.targets.map(renderTarget)].join('\n\n')}\n`;
}

function renderTarget(result: SoakResult): string {
  const { name, durationMs, violations, log } = result;
  const sign = violations.length === 0 ? pc.green('pass') : pc.red('FAIL');
  return [
    `${sign} ${pc.bold(name)} ${(durationMs / 1000).toFixed(0)} s`,
    kinds(result),
    memory(result),
    punctuality(result),
    metrics(result),
    losses(result),
    ...violations.map((violation) => `${pc.red('FAIL')} ${name} ${violation}`),
    ...(log ? [pc.dim(`log of the server:\n${log}`)] : []),
  ].join('\n');
}

function kinds({ kinds }: SoakResult): string {
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['kind', 'calls', 'right', 'wrong', 'lost', 'p50 ms', 'p99 ms'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const sum = (field: 'calls' | 'right' | 'wrong' | 'lost') =>
    kinds.reduce((total, kind) => total + kind[field], 0);
  for (const { kind, calls, right, wrong, lost, p50Ms, p99Ms } of kinds)
    table.push([kind, calls, right, red(wrong), lost, p50Ms.toFixed(1), p99Ms.toFixed(1)]);
  table.push(['all', sum('calls'), sum('right'), red(sum('wrong')), sum('lost'), '', '']);
  return table.toString();
}

function red(count: number): string {
  return count > 0 ? pc.red(String(count)) : '0';
}

function memory({ memory }: SoakResult): string {
  if (!memory) return 'memory: nobody can tell on this system';
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const share = `${memory.growth < 0 ? '' : '+'}${Math.round(memory.growth * 100)} %`;
  const doubt = memory.judged ? '' : ' (too short a run to judge)';
  return `memory: ${mib(memory.firstMinute)} after the first minute, ${mib(memory.end)} at the end: ${share}${doubt}; peak ${mib(memory.peak)}`;
}

function punctuality({ punctuality: { timeouts, medianMs, latestMs } }: SoakResult): string {
  return `timeouts: ${timeouts} answered with 408, ${medianMs} ms after FUNC_TIMEOUT in the middle, ${latestMs} ms at the latest`;
}

function metrics({ counters }: SoakResult): string {
  const of = (name: string) => counters.filter((counter) => counter.name === name);
  const sum = (name: string) => of(name).reduce((total, { actual }) => total + actual, 0);
  const open = of('function_calls_total').reduce((all, { least, most }) => all + most - least, 0);
  const different = counters.filter((counter) => !isEqual(counter)).length;
  const verdict = different === 0 && counters.length > 0 ? 'equal' : pc.red('different');
  return [
    `metrics: ${verdict}: ${sum('function_calls_total')} calls`,
    `${sum('function_failures_total')} failures`,
    `${sum('function_timeouts_total')} timeouts; ${open} calls may be counted or not`,
  ].join(', ');
}

function losses({ crashes, kinds }: SoakResult): string {
  const lost = kinds.reduce((total, kind) => total + kind.lost, 0);
  return `crashes: ${crashes}; ${lost} other calls were lost with them`;
}
