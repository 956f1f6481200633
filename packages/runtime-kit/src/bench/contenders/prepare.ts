import type { Variant } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';
import { OURS } from '../plan/plan.js';
import { loadBenchManifest } from './load.js';
import { ourTargets } from './ours.js';
import { rebuiltTarget } from './rebuilt.js';
import type { BenchTarget } from './target.js';
import { openWorkshop, type PrepareOptions } from './workshop.js';

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
  const targets = await ourTargets(shop);
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
