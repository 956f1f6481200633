import { randomBytes } from 'node:crypto';
import { committedRevision } from '../build/revision.js';
import { cleanUpEngine } from '../conformance/run/clean-up.js';
import { RuntimeKitError } from '../errors.js';
import { refuseUnknownContenders } from './contenders/prepare.js';
import type { BenchTarget } from './contenders/target.js';
import { describeMachine } from './machine/describe.js';
import { takeLock } from './machine/lock.js';
import { sweep } from './machine/sweep.js';
import type { Bench } from './measure/bench.js';
import { measureLoad } from './measure/load-run.js';
import { measureStart } from './measure/start-run.js';
import type { BenchOptions } from './options.js';
import { estimateSeconds, planSteps, TWICE } from './plan/plan.js';
import type { BenchResult, LoadRun, StartRun } from './report/schema.js';
import { scenarioOf } from './scenarios.js';
import { openBench, prepareAll } from './setup.js';

/**
 * Measures images against their contenders. Servers that fail or answer wrongly are no errors: their
 * runs are in the result, void.
 *
 * @throws RuntimeKitError BENCH_BUSY, IMAGE_NOT_FOUND, MANIFEST_INVALID, BUILD_FAILED, USAGE, INTERRUPTED.
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { engine, catalog, variants, contenders, signal } = options;
  const status = (text: string) => options.onEvent?.({ type: 'status', text });
  await refuseUnknownContenders(variants, contenders);
  const started = new Date();
  let progress = 'preparing';
  const lock = await takeLock({
    describe: () =>
      `process ${process.pid} in ${catalog.repository}, since ${started.toISOString()}, ${progress}`,
    wait: options.wait,
    onWait: (holder) => status(`waiting for another benchmark: ${holder}`),
    ...(signal ? { signal } : {}),
  });
  const runId = randomBytes(6).toString('hex');
  // Containers are waited for; without them the waits end at once.
  const abort = () => void cleanUpEngine(engine, runId).catch(() => {});
  signal?.addEventListener('abort', abort);
  try {
    await sweep(engine);
    return await measureAll(options, { runId, started, status }, (text) => {
      progress = text;
    });
  } catch (error) {
    if (signal?.aborted) throw new RuntimeKitError('INTERRUPTED', 'the benchmark was interrupted');
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await cleanUpEngine(engine, runId);
    lock.release();
  }
}

interface Run {
  runId: string;
  started: Date;
  status: (text: string) => void;
}

async function measureAll(
  options: BenchOptions,
  { runId, started, status }: Run,
  onProgress: (text: string) => void,
): Promise<BenchResult> {
  const { engine, settings, scenarios, signal } = options;
  const bench = await openBench(options, runId, status);
  const targets = await prepareAll(options, bench, runId, status);
  const [machine, revision] = await Promise.all([
    describeMachine(engine),
    committedRevision(options.catalog.repository),
  ]);
  const steps = planSteps({ targets: targets.map(plannedOf), scenarios, ...settings });
  const seconds = estimateSeconds(steps, {
    ...settings,
    paced: (name) => settings.paced && scenarioOf(name).paced,
  });
  options.onEvent?.({
    type: 'planned',
    steps: steps.length,
    seconds,
    busyCores: machine.busyCoresBefore,
  });
  const starts: StartRun[] = [];
  const loads: LoadRun[] = [];
  const byKey = new Map(targets.map((target) => [target.info.key, target]));
  for (const [index, step] of steps.entries()) {
    signal?.throwIfAborted();
    onProgress(`step ${index + 1} of ${steps.length}`);
    const target = byKey.get(step.target) as BenchTarget;
    const result =
      step.kind === 'start'
        ? await measureStart(bench, target, step)
        : await measureLoad(bench, target, step.scenario, step.round);
    if ('scenario' in result) loads.push(result);
    else starts.push(result);
    options.onEvent?.({ type: 'step', done: index + 1, step, result });
  }
  const { serverCpus, loadCpus, sharedCpus } = cpusOf(bench);
  return {
    schema: 'runtime-kit/bench/v1',
    started: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    revision: revision?.commit ?? 'unknown',
    settings: { ...settings, scenarios: [...scenarios], serverCpus, loadCpus, sharedCpus },
    machine,
    targets: targets.map(({ info }) => info),
    starts,
    loads,
  };
}

function plannedOf({ info, scenarios }: BenchTarget) {
  const { key, runtime, contender } = info;
  return { key, runtime, contender, scenarios, starts: contender !== TWICE };
}

function cpusOf({ cores }: Bench) {
  return { serverCpus: cores.server, loadCpus: cores.load, sharedCpus: cores.shared };
}
