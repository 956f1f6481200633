import { imageName } from '../../catalog/index.js';
import { serverEnvironment } from '../../conformance/targets/environment.js';
import { runPhases } from '../../conformance/targets/image/phases.js';
import { FUNCTION_FOLDER } from '../../conformance/targets/image/volumes.js';
import { RuntimeKitError } from '../../errors.js';
import { OURS, TWICE } from '../plan/plan.js';
import type { ScenarioName } from '../scenarios.js';
import type { BenchTarget } from './target.js';
import type { Workshop } from './workshop.js';

/**
 * Our image with the function of bench.yaml, installed and compiled as the platform does it; for the scenario
 * `work` once more, with twice the workers.
 */
export async function ourTargets(shop: Workshop): Promise<BenchTarget[]> {
  const volumes = await volumesByHandler(shop);
  const { scenarios, workers } = shop;
  const ours = ourTarget(shop, { contender: OURS, workers, volumes });
  const { title } = shop.variant.runtime.manifest;
  const target = ourTarget(shop, { contender: TWICE, workers: workers * 2, volumes });
  const twice = {
    ...target,
    info: {
      ...target.info,
      title: `${title} runtime, ${workers * 2} workers`,
      goals: shop.manifest.goals,
      budgets: {},
    },
    scenarios: ['work' as const],
  };
  return scenarios.includes('work') ? [ours, twice] : [ours];
}

interface Placed {
  contender: string;
  workers: number;
  volumes: ReadonlyMap<string, string>;
}

function ourTarget(shop: Workshop, { contender, workers, volumes }: Placed): BenchTarget {
  const { catalog, variant, facts, manifest, runtimeImage } = shop;
  const { budgets, title } = variant.runtime.manifest;
  const handlerOf = (scenario: ScenarioName) => manifest.function.handlers[scenario];
  return {
    info: {
      key: `${variant.id}/${contender}`,
      runtime: variant.id,
      language: title,
      contender,
      title: `${title} runtime`,
      kind: 'ours',
      workers,
      source: 'the image of this repository, with metrics, CORS and access log on',
      image: {
        name: imageName(catalog.config.prefix, variant, 'runtime'),
        id: runtimeImage.id,
        throwAway: false,
        sizeBytes: runtimeImage.sizeBytes,
      },
      goals: {},
      budgets: {
        ...(budgets.idleMiB === undefined ? {} : { idleMiB: budgets.idleMiB }),
        ...(budgets.coldStartMs === undefined ? {} : { coldStartMs: budgets.coldStartMs }),
      },
    },
    scenarios: shop.scenarios,
    options: (scenario) => ({
      image: runtimeImage.id,
      env: serverEnvironment(
        { ...facts, handler: handlerOf(scenario) },
        FUNCTION_FOLDER,
        { FUNC_WORKERS: String(workers) },
        {},
      ),
      volume: {
        name: volumes.get(handlerOf(scenario)) as string,
        path: FUNCTION_FOLDER,
        readOnly: true,
      },
    }),
  };
}

/** Where functions are compiled the handler is compiled in: each has a volume of its own. */
async function volumesByHandler(shop: Workshop): Promise<Map<string, string>> {
  const { facts, manifest, scenarios, variant } = shop;
  // Starts are measured with hello, whatever the scenarios of the run.
  const names = new Set<ScenarioName>(['hello', ...scenarios]);
  const handlers = [...new Set([...names].map((name) => manifest.function.handlers[name]))];
  const shared = facts.phases.compilation ? undefined : await functionVolume(shop, handlers[0]);
  const volumes = new Map<string, string>();
  for (const handler of handlers) {
    if (shared === undefined) shop.onStatus(`compiling ${variant.id} ${handler}`);
    volumes.set(handler, shared ?? (await functionVolume(shop, handler)));
  }
  return volumes;
}

async function functionVolume(shop: Workshop, handler = ''): Promise<string> {
  const { engine, facts, volumes, manifest, buildImage, variant, mirrors } = shop;
  const runtime = { ...facts, handler };
  const start = { fixture: manifest.function.files };
  const name = await volumes.ofFunction(runtime, start);
  const phases = buildImage
    ? await runPhases({ engine, volumes, image: buildImage.id, runtime, mirrors }, name, start)
    : [];
  const failed = phases.find(({ code }) => code !== 0);
  if (failed)
    throw new RuntimeKitError(
      'BUILD_FAILED',
      `${variant.id}: ${failed.step} of the benchmark's function failed with ${failed.code}:\n${failed.stdout}${failed.stderr}`,
    );
  return name;
}
