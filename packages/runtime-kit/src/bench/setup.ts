import { RUN_LABEL } from '../conformance/targets/image/volumes.js';
import { prepareTargets } from './contenders/prepare.js';
import { staticTarget } from './contenders/static.js';
import type { BenchTarget } from './contenders/target.js';
import { ensureTool } from './load/tool-image.js';
import { BENCH_RUN_LABEL } from './machine/sweep.js';
import type { Bench } from './measure/bench.js';
import { compressedBytes } from './measure/image-size.js';
import type { BenchOptions } from './options.js';
import { chooseCores, physicalCores } from './plan/cores.js';
import { OURS } from './plan/plan.js';
import { scenarioOf } from './scenarios.js';

/** Chooses processors, and builds the tools that the run needs. */
export async function openBench(
  options: BenchOptions,
  runId: string,
  onStatus: (text: string) => void,
): Promise<Bench> {
  const { engine, catalog, settings, scenarios, signal } = options;
  const physical = await physicalCores();
  const cores = chooseCores(physical, settings.workers);
  const tool = { catalog, onStatus, ...(signal ? { signal } : {}) };
  const wantsPaced = settings.paced && scenarios.some((name) => scenarioOf(name).paced);
  const wrk = await ensureTool(engine, 'wrk', tool);
  const staticImage = await ensureTool(engine, 'static', tool);
  const oha = wantsPaced ? await ensureTool(engine, 'oha', tool) : undefined;
  return {
    engine,
    settings,
    physicalCores: physical,
    cores,
    tools: { wrk, static: staticImage, oha },
    placement: {
      engine,
      labels: { [RUN_LABEL]: runId, [BENCH_RUN_LABEL]: 'yes' },
      cpuset: cores.server,
      signal,
    },
    signal,
  };
}

/** Everything that is measured, in the order of the report. */
export async function prepareAll(
  options: BenchOptions,
  bench: Bench,
  runId: string,
  onStatus: (text: string) => void,
): Promise<BenchTarget[]> {
  const { engine, catalog, variants, settings, scenarios, contenders: only, signal } = options;
  const targets: BenchTarget[] = [];
  for (const variant of variants) {
    const made = await prepareTargets(variant, {
      engine,
      catalog,
      runId,
      workers: settings.workers,
      scenarios,
      only,
      onStatus,
      ...(signal ? { signal } : {}),
    });
    targets.push(...made, await staticTarget(engine, bench.tools.static, variant));
  }
  if (options.compressedSizes)
    for (const { info } of targets)
      if (info.contender === OURS) {
        onStatus(`compressing the layers of ${info.image.name}`);
        info.image.compressedBytes = await compressedBytes(engine, info.image.name);
      }
  return targets;
}
