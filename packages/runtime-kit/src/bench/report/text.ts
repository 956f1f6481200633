import { type Change, SIGNIFICANT } from './compare.js';
import type { Verdict } from './judge.js';
import type { BenchResult } from './schema.js';
import type { TextTable } from './tables.js';

/** Machine and settings, a line each: what somebody needs to repeat the run. */
export function environmentLines({ machine, settings, started, revision }: BenchResult): string[] {
  const { rounds, durationS, warmUpS, starts, workers, serverCpus, loadCpus } = settings;
  return [
    `${machine.processor}, ${machine.cores} processors, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB; ${machine.operatingSystem}, kernel ${machine.kernel}`,
    `engine ${machine.engine}, ${machine.storageDriver}, logs by ${machine.loggingDriver}, cgroup v${machine.cgroupVersion}; load average before ${machine.loadAverage.toFixed(2)}`,
    `${counted(rounds, 'round')} of ${durationS} s after ${warmUpS} s of warm-up, ${counted(starts, 'cold start')}; ${counted(workers, 'worker')} on processor ${serverCpus}, load on ${loadCpus}`,
    `started ${started}, revision ${revision}`,
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Goals or budgets and whether they were met. */
export function verdictTable(title: string, verdicts: Verdict[]): TextTable {
  return {
    title,
    head: ['runtime', 'what', 'wanted', 'measured', ''],
    rows: verdicts.map(({ runtime, what, wanted, bound, measured, unit, met }) => [
      runtime,
      what,
      `${bound} ${number(wanted)} ${unit}`,
      measured === undefined ? 'nothing' : `${number(measured)} ${unit}`,
      met ? 'met' : 'MISSED',
    ]),
  };
}

/** What changed beyond noise; the rest is counted. */
export function changeTable(changes: Change[]): TextTable {
  const told = changes.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  const count = (verdict: Change['verdict']) =>
    changes.filter((change) => change.verdict === verdict).length;
  const rest = [
    `${count('noise')} of ${changes.length} within noise`,
    ...(count('too few rounds') > 0
      ? [`${count('too few rounds')} with too few rounds to tell`]
      : []),
  ];
  return {
    title: `against the earlier run (Mann–Whitney U, p ≤ ${SIGNIFICANT}): ${rest.join(', ')}`,
    head: ['server', 'what', 'before', 'now', 'change', 'p', ''],
    rows: told.map(({ target, what, before, now, p, verdict }) => [
      target,
      what,
      number(before),
      number(now),
      `${now >= before ? '+' : ''}${(((now - before) / before) * 100).toFixed(1)} %`,
      p.toFixed(3),
      verdict,
    ]),
  };
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 5 });
}
