import type { ScenarioName } from '../scenarios.js';

/** The id of our own image among the contenders, and of the static binary that starts are held against. */
export const OURS = 'ours';
export const STATIC = 'static';
/** Our own image with twice the workers on as many more processors: what a worker more brings. */
export const TWICE = 'twice-the-workers';

/** What the plan needs to know of something that is measured. */
export interface PlannedTarget {
  /** Unique in a run: `<runtime id>/<contender id>`. */
  key: string;
  runtime: string;
  contender: string;
  scenarios: readonly ScenarioName[];
  /** Whether cold starts are measured. */
  starts: boolean;
}

export type Step =
  | { kind: 'start'; round: number; repeat: number; runtime: string; target: string }
  | { kind: 'load'; round: number; scenario: ScenarioName; runtime: string; target: string };

export interface PlanOptions {
  targets: PlannedTarget[];
  scenarios: readonly ScenarioName[];
  rounds: number;
  /** Cold starts of each target over the whole run. */
  starts: number;
}

/**
 * Everything that a run does, in its order. Within a round, the contenders of one scenario follow each
 * other (A B C), so that what changes on the machine over time meets all of them; each round begins
 * with the next (B C A), so that none always has the same predecessor's heat and caches.
 */
export function planSteps({ targets, scenarios, rounds, starts }: PlanOptions): Step[] {
  const runtimes = [...new Set(targets.map(({ runtime }) => runtime))];
  const steps: Step[] = [];
  for (let round = 0; round < rounds; round++)
    for (const runtime of runtimes) {
      const group = targets.filter((target) => target.runtime === runtime);
      const starting = group.filter((target) => target.starts);
      const until = Math.floor((starts * (round + 1)) / rounds);
      for (let repeat = Math.floor((starts * round) / rounds); repeat < until; repeat++)
        for (const { key } of rotated(starting, repeat))
          steps.push({ kind: 'start', round, repeat, runtime, target: key });
      for (const scenario of scenarios) {
        const serving = group.filter((target) => target.scenarios.includes(scenario));
        for (const { key } of rotated(serving, round))
          steps.push({ kind: 'load', round, scenario, runtime, target: key });
      }
    }
  return steps;
}

function rotated<T>(list: T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Seconds that a start takes, and that a load run takes beside its load. */
const START_S = 1;
const AROUND_LOAD_S = 5;

/** About how many seconds the steps take; the images are there already. */
export function estimateSeconds(
  steps: Step[],
  timing: { warmUpS: number; durationS: number; paced: (scenario: ScenarioName) => boolean },
): number {
  return steps.reduce((total, step) => {
    if (step.kind === 'start') return total + START_S;
    const measured = timing.durationS * (timing.paced(step.scenario) ? 3 : 1); // the paced one twice
    return total + AROUND_LOAD_S + timing.warmUpS + measured;
  }, 0);
}
