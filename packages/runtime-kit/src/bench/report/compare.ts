import { OURS } from '../plan/plan.js';
import type { ScenarioName } from '../scenarios.js';
import { medianOf, pairedRatios } from '../statistics/describe.js';
import { mannWhitney } from '../statistics/mann-whitney.js';
import type { BenchResult, LoadRun } from './schema.js';
import { loadsOf, startTimes, valuesOf } from './summarize.js';

/** One quantity in an earlier run and in this one. */
export interface Change {
  target: string;
  /** In words: `hello: requests/s`. */
  what: string;
  before: number;
  now: number;
  /** How often chance alone would separate the two groups at least as clearly. */
  p: number;
  verdict: 'better' | 'worse' | 'noise' | 'too few rounds';
}

/** With five rounds a side this asks that no value of one side lies among the other's. */
export const SIGNIFICANT = 0.01;

interface Quantity {
  name: string;
  moreIsBetter: boolean;
  pick: (run: LoadRun) => number | undefined;
}

const QUANTITIES: Quantity[] = [
  { name: 'requests/s', moreIsBetter: true, pick: ({ throughput }) => throughput },
  { name: 'CPU µs/request', moreIsBetter: false, pick: ({ cpuMicroseconds }) => cpuMicroseconds },
  { name: 'p99 ms', moreIsBetter: false, pick: ({ latency }) => latency?.p99 },
  { name: 'p99 ms at half', moreIsBetter: false, pick: ({ paced }) => paced?.latency.p99 },
  {
    name: 'memory after MiB',
    moreIsBetter: false,
    pick: ({ loaded }) => loaded && loaded.workingSetBytes / 2 ** 20,
  },
];

/** Everything that both runs measured; contenders too, which tell whether the machine itself changed. */
export function compareResults(before: BenchResult, now: BenchResult): Change[] {
  return now.targets.flatMap(({ key, runtime, contender }) => {
    const loads = now.settings.scenarios.flatMap((scenario) => [
      ...QUANTITIES.flatMap((quantity) =>
        change(
          key,
          `${scenario}: ${quantity.name}`,
          quantity.moreIsBetter,
          valuesOf(loadsOf(before, key, scenario), quantity.pick),
          valuesOf(loadsOf(now, key, scenario), quantity.pick),
        ),
      ),
      ...(contender === OURS ? [] : ratioChange(before, now, { key, runtime, scenario })),
    ]);
    const starts = change(
      key,
      'cold start ms',
      false,
      startTimes(before.starts.filter(({ target }) => target === key)),
      startTimes(now.starts.filter(({ target }) => target === key)),
    );
    return [...loads, ...starts];
  });
}

/**
 * Ours over a contender's, pair by pair: it stays the same where only the machine became faster or
 * slower between the two runs.
 */
function ratioChange(
  before: BenchResult,
  now: BenchResult,
  { key, runtime, scenario }: { key: string; runtime: string; scenario: ScenarioName },
): Change[] {
  const ratios = (result: BenchResult) =>
    pairedRatios(
      throughputs(loadsOf(result, `${runtime}/${OURS}`, scenario)),
      throughputs(loadsOf(result, key, scenario)),
    );
  return change(key, `${scenario}: ours / it`, true, ratios(before), ratios(now));
}

function throughputs(runs: LoadRun[]): Map<number, number> {
  return new Map(
    runs.flatMap(({ round, throughput, void: reason }): [number, number][] =>
      throughput === undefined || reason !== undefined ? [] : [[round, throughput]],
    ),
  );
}

function change(
  target: string,
  what: string,
  moreIsBetter: boolean,
  before: number[],
  now: number[],
): Change[] {
  if (before.length === 0 || now.length === 0) return [];
  const p = mannWhitney(before, now);
  const [was, is] = [medianOf(before), medianOf(now)];
  return [{ target, what, before: was, now: is, p, verdict: verdictOf() }];

  function verdictOf(): Change['verdict'] {
    if (leastP(before.length, now.length) > SIGNIFICANT) return 'too few rounds';
    if (p > SIGNIFICANT) return 'noise';
    return is > was === moreIsBetter ? 'better' : 'worse';
  }
}

/** What p is where the groups do not overlap at all: two of all ways to deal the ranks. */
function leastP(a: number, b: number): number {
  let ways = 1;
  for (let index = 1; index <= a; index++) ways = (ways * (b + index)) / index;
  return 2 / ways;
}

/** What differs between the two runs beside the images, in words. */
export function differencesOf(before: BenchResult, now: BenchResult): string[] {
  const machine = (['processor', 'cores', 'kernel', 'engine', 'loggingDriver'] as const).flatMap(
    (name) => differing(name, before.machine[name], now.machine[name]),
  );
  const settings = (['durationS', 'workers', 'serverCpus', 'loadCpus'] as const).flatMap((name) =>
    differing(name, before.settings[name], now.settings[name]),
  );
  return [...machine, ...settings];
}

function differing(name: string, before: string | number, now: string | number): string[] {
  return before === now ? [] : [`${name}: ${before} then, ${now} now`];
}
