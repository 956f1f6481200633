import { OURS, STATIC } from '../plan/plan.js';
import type { ScenarioName } from '../scenarios.js';
import { medianOf, pairedRatios, type Spread, spreadOf } from '../statistics/describe.js';
import type { BenchResult, LoadRun, StartRun, TargetInfo } from './schema.js';

export interface ScenarioSummary {
  scenario: ScenarioName;
  throughput: Spread | undefined;
  p50: Spread | undefined;
  p99: Spread | undefined;
  p999: Spread | undefined;
  /** At half of the peak. */
  pacedP99: Spread | undefined;
  cpuMicroseconds: Spread | undefined;
  /** Working set right after the load. */
  loadedBytes: Spread | undefined;
  /** Ours divided by this one's, of runs of the same round. */
  throughputRatio: Spread | undefined;
  pacedP99Ratio: Spread | undefined;
  /** This one's CPU time for a request divided by ours: what a busy neighbour disturbs least. */
  cpuRatio: Spread | undefined;
  /** Why runs did not count. */
  voids: string[];
}

export interface ContenderSummary {
  info: TargetInfo;
  scenarios: ScenarioSummary[];
  startMs: Spread | undefined;
  /** Ours divided by this one's. */
  startRatio: Spread | undefined;
  /** Median over the median of the static binary. */
  startOverStaticMs: number | undefined;
  /** Working set and resident memory before any load. */
  idleBytes: Spread | undefined;
  idleResidentBytes: Spread | undefined;
  voids: string[];
}

export interface RuntimeSummary {
  runtime: string;
  language: string;
  contenders: ContenderSummary[];
}

/** What the raw data of a run says. Void runs count nowhere but in `voids`. */
export function summarize(result: BenchResult): RuntimeSummary[] {
  const runtimes = [...new Set(result.targets.map(({ runtime }) => runtime))];
  return runtimes.map((runtime) => {
    const targets = result.targets.filter((target) => target.runtime === runtime);
    return {
      runtime,
      language: targets[0]?.language ?? runtime,
      contenders: targets.map((info) => summarizeContender(result, info)),
    };
  });
}

function summarizeContender(result: BenchResult, info: TargetInfo): ContenderSummary {
  const starts = result.starts.filter(({ target }) => target === info.key);
  const loads = result.loads.filter(({ target }) => target === info.key);
  const startMs = spreadOf(startTimes(starts));
  const staticMs = medianOf(startTimes(startsOf(result, info.runtime, STATIC)));
  return {
    info,
    scenarios: result.settings.scenarios
      .filter((scenario) => loads.some((load) => load.scenario === scenario))
      .map((scenario) => summarizeScenario(result, info, scenario)),
    startMs,
    startRatio: spreadOf(
      pairedRatios(byRepeat(startsOf(result, info.runtime, OURS)), byRepeat(starts)),
    ),
    startOverStaticMs: startMs && Number.isFinite(staticMs) ? startMs.median - staticMs : undefined,
    idleBytes: spreadOf(valuesOf(loads, ({ idle }) => idle?.workingSetBytes)),
    idleResidentBytes: spreadOf(valuesOf(loads, ({ idle }) => idle?.residentBytes)),
    voids: starts.flatMap((start) => (start.void === undefined ? [] : [start.void])),
  };
}

function summarizeScenario(
  result: BenchResult,
  info: TargetInfo,
  scenario: ScenarioName,
): ScenarioSummary {
  const runs = loadsOf(result, info.key, scenario);
  const ours = loadsOf(result, `${info.runtime}/${OURS}`, scenario);
  const spread = (pick: (run: LoadRun) => number | undefined) => spreadOf(valuesOf(runs, pick));
  const ratio = (pick: (run: LoadRun) => number | undefined) =>
    spreadOf(pairedRatios(byRound(ours, pick), byRound(runs, pick)));
  return {
    scenario,
    throughput: spread(({ throughput }) => throughput),
    p50: spread(({ latency }) => latency?.p50),
    p99: spread(({ latency }) => latency?.p99),
    p999: spread(({ latency }) => latency?.p999),
    pacedP99: spread(({ paced }) => paced?.latency.p99),
    cpuMicroseconds: spread(({ cpuMicroseconds }) => cpuMicroseconds),
    loadedBytes: spread(({ loaded }) => loaded?.workingSetBytes),
    throughputRatio: ratio(({ throughput }) => throughput),
    pacedP99Ratio: ratio(({ paced }) => paced?.latency.p99),
    cpuRatio: ratio(({ cpuMicroseconds }) => cpuMicroseconds && 1 / cpuMicroseconds),
    voids: runs.flatMap((run) => (run.void === undefined ? [] : [run.void])),
  };
}

/** The runs of a target in a scenario, void ones too. */
export function loadsOf({ loads }: BenchResult, target: string, scenario: ScenarioName): LoadRun[] {
  return loads.filter((load) => load.target === target && load.scenario === scenario);
}

function startsOf({ starts }: BenchResult, runtime: string, contender: string): StartRun[] {
  return starts.filter(({ target }) => target === `${runtime}/${contender}`);
}

export function startTimes(starts: StartRun[]): number[] {
  return starts.flatMap((start) =>
    start.void === undefined && start.startMs !== undefined ? [start.startMs] : [],
  );
}

function byRepeat(starts: StartRun[]): Map<number, number> {
  return new Map(
    starts.flatMap((start): [number, number][] =>
      start.void === undefined && start.startMs !== undefined
        ? [[start.repeat, start.startMs]]
        : [],
    ),
  );
}

/** One value of each run that counts. */
export function valuesOf(runs: LoadRun[], pick: (run: LoadRun) => number | undefined): number[] {
  return [...byRound(runs, pick, ({ round, scenario }) => `${scenario} ${round}`).values()];
}

function byRound<Key = number>(
  runs: LoadRun[],
  pick: (run: LoadRun) => number | undefined,
  key: (run: LoadRun) => Key = ({ round }) => round as Key,
): Map<Key, number> {
  return new Map(
    runs.flatMap((run): [Key, number][] => {
      const value = run.void === undefined ? pick(run) : undefined;
      return value === undefined ? [] : [[key(run), value]];
    }),
  );
}
