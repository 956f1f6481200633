import { type BenchSettings, SCENARIOS, type ScenarioName } from '../bench/index.js';
import { executeBuilds, planBuilds } from '../build/index.js';
import type { Catalog, Variant } from '../catalog/index.js';
import type { Engine } from '../engine/index.js';
import { RuntimeKitError } from '../errors.js';
import { followBuilds } from './build-progress.js';
import type { BenchFlags } from './commands/bench.js';

const DEFAULTS = { rounds: 5, duration: 5, starts: 20, workers: 1 };
const QUICK = { rounds: 1, duration: 1, starts: 1, workers: 1 };

/** In less, code that is compiled as it runs is measured while it still is. */
const LEAST_WARM_UP_S = 3;

/** @throws RuntimeKitError USAGE for a number that is none and a scenario that is not there. */
export function readOptions(flags: BenchFlags): {
  settings: BenchSettings;
  scenarios: ScenarioName[];
} {
  const defaults = flags.quick ? QUICK : DEFAULTS;
  const whole = (name: keyof typeof DEFAULTS, least = 1) =>
    wholeNumber(`--${name}`, flags[name], defaults[name], least);
  const durationS = whole('duration');
  return {
    scenarios: chosenScenarios(flags.scenario),
    settings: {
      rounds: whole('rounds'),
      durationS,
      warmUpS: Math.max(flags.quick ? 1 : LEAST_WARM_UP_S, Math.round(durationS / 3)),
      starts: whole('starts', 0),
      workers: whole('workers'),
      paced: flags.paced && !flags.quick,
    },
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, least: number) {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new RuntimeKitError('USAGE', `${name} is "${text}"`, {
    hint: `give a whole number from ${least}`,
  });
}

function chosenScenarios(names: string[]): ScenarioName[] {
  const unknown = names.find((name) => !SCENARIOS.some((known) => known === name));
  if (unknown !== undefined)
    throw new RuntimeKitError('USAGE', `there is no scenario "${unknown}"`, {
      hint: `there are ${SCENARIOS.join(', ')}`,
    });
  return names.length === 0 ? [...SCENARIOS] : SCENARIOS.filter((name) => names.includes(name));
}

/** What is measured is what the files say now: images that changed are built, the others kept. */
export async function buildFirst(
  engine: Engine,
  catalog: Catalog & { repository: string },
  variants: Variant[],
  signal: AbortSignal,
): Promise<void> {
  const planned = await planBuilds(catalog, variants);
  const built = await followBuilds(planned, (onEvent) =>
    executeBuilds(engine, catalog, planned, { concurrency: 2, onEvent, signal }),
  );
  const failed = built.find(({ outcome }) => outcome === 'failed');
  if (failed?.outcome === 'failed') throw failed.error;
}
