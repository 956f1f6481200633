import { OURS } from '../plan/plan.js';
import type { BenchResult } from './schema.js';
import type { ContenderSummary, RuntimeSummary } from './summarize.js';

/** A goal of bench.yaml, or a budget of the manifest, and what was measured. */
export interface Verdict {
  runtime: string;
  /** In words: `throughput ours / bare net/http`. */
  what: string;
  wanted: number;
  /** Whether the wanted value is a floor or a ceiling. */
  bound: 'at least' | 'at most';
  /** undefined where no run counted. */
  measured: number | undefined;
  unit: string;
  met: boolean;
}

const MIB = 2 ** 20;

/** Each goal that bench.yaml sets for the contenders that took part. */
export function judgeGoals(runtimes: RuntimeSummary[]): Verdict[] {
  return runtimes.flatMap(({ runtime, contenders }) =>
    contenders.flatMap(({ info, scenarios, startRatio }) => {
      const hello = scenarios.find(({ scenario }) => scenario === 'hello');
      const work = scenarios.find(({ scenario }) => scenario === 'work');
      const { throughput, pacedP99, coldStart, twiceTheWorkers } = info.goals;
      return [
        ...judge(
          runtime,
          `throughput, ours / ${info.title}`,
          throughput,
          'at least',
          hello?.throughputRatio?.median,
          '×',
        ),
        ...judge(
          runtime,
          `p99 at half of the peak, ours / ${info.title}`,
          pacedP99,
          'at most',
          hello?.pacedP99Ratio?.median,
          '×',
        ),
        ...judge(
          runtime,
          `cold start, ours / ${info.title}`,
          coldStart,
          'at most',
          startRatio?.median,
          '×',
        ),
        ...judge(
          runtime,
          `throughput of work, ${info.title} / half as many`,
          twiceTheWorkers,
          'at least',
          work?.throughputRatio && 1 / work.throughputRatio.median,
          '×',
        ),
      ];
    }),
  );
}

/** The budgets that a manifest sets and only a run can check; the image's size is the build's business. */
export function judgeBudgets(runtimes: RuntimeSummary[]): Verdict[] {
  return runtimes.flatMap(({ runtime, contenders }) => {
    const ours = contenders.find(({ info }) => info.contender === OURS);
    return ours ? judgeBudget(runtime, ours) : [];
  });
}

function judgeBudget(runtime: string, { info, idleBytes, startOverStaticMs }: ContenderSummary) {
  const { idleMiB, coldStartMs } = info.budgets;
  const idle = idleBytes && idleBytes.median / MIB;
  return [
    ...judge(runtime, 'idle memory (idleMiB)', idleMiB, 'at most', idle, 'MiB'),
    ...judge(
      runtime,
      'cold start over the static binary (coldStartMs)',
      coldStartMs,
      'at most',
      startOverStaticMs,
      'ms',
    ),
  ];
}

function judge(
  runtime: string,
  what: string,
  wanted: number | undefined,
  bound: Verdict['bound'],
  measured: number | undefined,
  unit: string,
): Verdict[] {
  if (wanted === undefined) return [];
  const met =
    measured !== undefined && (bound === 'at least' ? measured >= wanted : measured <= wanted);
  return [{ runtime, what, wanted, bound, measured, unit, met }];
}

/** Goals whose measurement the run was not asked to make are no goals of the run. */
export function measuredOnly(verdicts: Verdict[]): Verdict[] {
  return verdicts.filter(({ measured }) => measured !== undefined);
}

/** Why our own image's runs did not count, with where; empty where all did. */
export function ourVoids({ starts, loads, targets }: BenchResult): string[] {
  const ours = new Set(targets.flatMap(({ kind, key }) => (kind === 'ours' ? [key] : [])));
  return [...starts, ...loads].flatMap((run) => {
    if (run.void === undefined || !ours.has(run.target)) return [];
    const where = 'scenario' in run ? `${run.scenario}, round ${run.round + 1}` : 'start';
    return [`${run.target} (${where}): ${run.void}`];
  });
}
