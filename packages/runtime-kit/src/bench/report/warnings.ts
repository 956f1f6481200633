import { isQuiet } from '../machine/describe.js';
import { medianOf } from '../statistics/describe.js';
import type { BenchResult, LoadRun } from './schema.js';

/** A load tool this busy may be what the numbers show. */
const BUSY = 0.9;
/** Of the requests that are due at half of the peak, what counts as all. */
const KEPT_UP = 0.95;
/** Processors that others, the engine and its log included, may keep busy during runs. */
const OTHERS = 0.5;

/** What a reader must know before believing the numbers. */
export function warningsOf(result: BenchResult): string[] {
  const { machine, settings, targets } = result;
  // With more workers than asked for, load and server may share processors: only `work` is sent there.
  const asAsked = new Set(
    targets.flatMap(({ key, workers }) => (workers === settings.workers ? [key] : [])),
  );
  const loads = result.loads.filter(({ target }) => asAsked.has(target));
  const warnings: string[] = [];
  if (!isQuiet(machine))
    warnings.push(
      `the machine was not quiet: ${(machine.busyCoresBefore ?? 0).toFixed(1)} of ${machine.cores} processors were busy before the run`,
    );
  if (settings.sharedCpus)
    warnings.push(
      `server and load shared processors (${settings.serverCpus} and ${settings.loadCpus}): throughput and latencies say little, CPU per request still does`,
    );
  const others = medianOf(loads.flatMap(({ otherCores }) => otherCores ?? []));
  if (others > OTHERS)
    warnings.push(
      `${others.toFixed(1)} processors were busy with neither server nor load during the runs (the engine's log driver is among them)`,
    );
  const starved = loads.filter(isStarved(result)).length;
  if (starved > 0)
    warnings.push(
      `in ${starved} of ${loads.length} runs neither server nor load got the processor that it could have used: something else did; CPU per request says more there than requests/s`,
    );
  const limited = new Set(loads.filter(isLoadLimited(result)).map(({ target }) => target));
  if (limited.size > 0)
    warnings.push(
      `the load tool, not the server, was at its limit in runs of ${[...limited].join(', ')}: they could serve more`,
    );
  const behind = loads.filter(isBehind).length;
  if (behind > 0)
    warnings.push(
      `in ${behind} of ${loads.filter(({ paced }) => paced).length} runs at half of the peak fewer requests were answered than were due: their latencies are a queue's`,
    );
  if (settings.rounds < 5)
    warnings.push(
      `${settings.rounds === 1 ? 'one round' : `${settings.rounds} rounds`} cannot tell a change from noise; --against needs 5`,
    );
  return warnings;
}

/** With all connections busy, one of the two sides is at its limit, unless the function only waits. */
function isStarved({ settings }: BenchResult): (run: LoadRun) => boolean {
  const threads = settings.loadCpus.split(',').length;
  return ({ scenario, void: reason, loadCores = 0, serverCores = 0 }) =>
    scenario !== 'wait' &&
    reason === undefined &&
    serverCores < BUSY * settings.workers &&
    loadCores < BUSY * threads;
}

function isBehind({ paced, void: reason }: LoadRun): boolean {
  return paced !== undefined && reason === undefined && paced.achieved < KEPT_UP * paced.rate;
}

function isLoadLimited({ settings }: BenchResult): (run: LoadRun) => boolean {
  const threads = settings.loadCpus.split(',').length;
  return ({ loadCores = 0, serverCores = 0 }) =>
    !settings.sharedCpus && loadCores > BUSY * threads && serverCores < BUSY * settings.workers;
}
