import { readFile } from 'node:fs/promises';
import { trustedCaFile } from '../../base/index.js';
import { type Catalog, imageName, type Variant } from '../../catalog/index.js';
import { runtimeFacts } from '../../conformance/run/describe.js';
import { RunVolumes } from '../../conformance/targets/image/volumes.js';
import type { RuntimeFacts } from '../../conformance/targets/target.js';
import type { Engine, ImageInfo } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { BENCH_RUN_LABEL } from '../machine/sweep.js';
import { OURS } from '../plan/plan.js';
import { SCENARIOS, type ScenarioName } from '../scenarios.js';
import { benchFolder, loadBenchManifest } from './load.js';
import { ourTarget } from './ours.js';
import { rebuiltTarget } from './rebuilt.js';
import type { BenchManifest } from './schema.js';
import type { BenchTarget } from './target.js';

export interface PrepareOptions {
  engine: Engine;
  catalog: Catalog & { repository: string };
  /** Labels every container and volume. */
  runId: string;
  workers: number;
  scenarios: readonly ScenarioName[];
  /** Ids of contenders; all of them if empty. Our own image is always there. */
  only: string[];
  onStatus: (text: string) => void;
  signal?: AbortSignal;
}

/** What a contender of one variant is made with. */
export interface Workshop extends PrepareOptions {
  variant: Variant;
  manifest: BenchManifest;
  facts: RuntimeFacts;
  volumes: RunVolumes;
  runtimeImage: ImageInfo;
  buildImage: ImageInfo | undefined;
}

/**
 * Makes everything that one version of a language is measured with: volumes with our function, and the
 * contenders' images.
 *
 * @throws RuntimeKitError IMAGE_NOT_FOUND, MANIFEST_INVALID, BUILD_FAILED, USAGE for an unknown contender.
 */
export async function prepareTargets(
  variant: Variant,
  options: PrepareOptions,
): Promise<BenchTarget[]> {
  const manifest = await loadBenchManifest(variant.runtime);
  const contenders = manifest.contenders.filter(
    ({ id }) => options.only.length === 0 || options.only.includes(id),
  );
  const shop = await openWorkshop(variant, manifest, options);
  const targets = [await ourTarget(shop)];
  for (const contender of contenders) {
    options.signal?.throwIfAborted();
    targets.push(await rebuiltTarget(shop, contender));
  }
  return targets;
}

/** Refuses ids that no selected language has: a run without them would be taken for one with them. */
export async function refuseUnknownContenders(variants: Variant[], only: string[]): Promise<void> {
  const manifests = await Promise.all(variants.map(({ runtime }) => loadBenchManifest(runtime)));
  const known = new Set(manifests.flatMap(({ contenders }) => contenders.map(({ id }) => id)));
  const unknown = only.find((id) => id !== OURS && !known.has(id));
  if (unknown === undefined) return;
  throw new RuntimeKitError('USAGE', `no selected language has a contender "${unknown}"`, {
    hint: `there are ${[...known].sort().join(', ')}`,
  });
}

async function openWorkshop(
  variant: Variant,
  manifest: BenchManifest,
  options: PrepareOptions,
): Promise<Workshop> {
  const { engine, catalog, runId } = options;
  const find = async (kind: 'runtime' | 'build') =>
    engine.images.find(imageName(catalog.config.prefix, variant, kind));
  const [runtimeImage, buildImage] = await Promise.all([find('runtime'), find('build')]);
  if (!runtimeImage)
    throw new RuntimeKitError('IMAGE_NOT_FOUND', `${variant.id} is not built`, {
      hint: `run \`runtime-kit build ${variant.id}\` first`,
    });
  const ca = trustedCaFile(catalog.config.trustedCa, catalog.repository);
  const trustedCa = ca === undefined ? undefined : await readFile(ca, 'utf8');
  return {
    ...options,
    variant,
    manifest,
    facts: {
      ...runtimeFacts(variant.runtime, variant.version.version),
      fixtures: benchFolder(variant.runtime),
    },
    volumes: new RunVolumes(engine, runId, runtimeImage.id, trustedCa, {
      [BENCH_RUN_LABEL]: 'yes',
    }),
    runtimeImage,
    buildImage,
  };
}

/** The scenarios of the run that a contender serves, in the order of the run. */
export function served(
  { scenarios }: Pick<PrepareOptions, 'scenarios'>,
  wanted: readonly ScenarioName[] = SCENARIOS,
): ScenarioName[] {
  return scenarios.filter((name) => wanted.includes(name));
}
