import { readFile } from 'node:fs/promises';
import { trustedCaFile } from '../../base/index.js';
import {
  type Catalog,
  imageName,
  type PhaseMirrors,
  phaseMirrors,
  type Variant,
} from '../../catalog/index.js';
import { runtimeFacts } from '../../conformance/run/describe.js';
import { RunVolumes } from '../../conformance/targets/image/volumes.js';
import type { RuntimeFacts } from '../../conformance/targets/target.js';
import type { Engine, ImageInfo } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { BENCH_RUN_LABEL } from '../machine/sweep.js';
import type { ScenarioName } from '../scenarios.js';
import { benchFolder } from './load.js';
import type { BenchManifest } from './schema.js';

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
  mirrors: PhaseMirrors;
  runtimeImage: ImageInfo;
  buildImage: ImageInfo | undefined;
}

/** @throws RuntimeKitError IMAGE_NOT_FOUND where our own image is not built. */
export async function openWorkshop(
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
    mirrors: phaseMirrors(catalog),
    runtimeImage,
    buildImage,
  };
}
