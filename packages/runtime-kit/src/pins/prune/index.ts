import { type Catalog, imageRepository } from '../../catalog/index.js';
import { imageAt, type RegistryClient, registryPlace } from '../../registry/index.js';
import { pinsFolder } from '../plan/sources.js';
import { readPushRecord } from '../push/record.js';
import { openRegistry } from '../registry.js';
import { findTagged } from './found.js';
import { digestsEverPinned } from './history.js';
import { type Pruned, planPrune } from './plan.js';

export type { Pruned } from './plan.js';

export interface PruneOptions {
  /** HOST/PREFIX */
  registry: string;
  /** Deletes; otherwise it only says what would be. */
  deletes: boolean;
  signal?: AbortSignal;
}

/**
 * Deletes what the registry has of this repository's runtimes and no pin, no list and no last push refers to.
 * Returns every tagged manifest with the reason why it stays, if it does.
 *
 * @throws RuntimeKitError PRUNE_REFUSED before anything is asked of the registry, REGISTRY_*, USAGE
 */
export async function pruneRegistry(
  catalog: Catalog & { repository: string },
  { registry, deletes, signal }: PruneOptions,
): Promise<Pruned[]> {
  const { host } = registryPlace(registry);
  const pinned = await digestsEverPinned(catalog.repository, pinsFolder(catalog));
  const pushed = await pushedLast(catalog, registry);
  const { client } = await openRegistry(host, catalog);
  const found = [];
  for (const repository of repositoriesOf(catalog, registry)) {
    signal?.throwIfAborted();
    found.push(...(await findTagged(client, repository)));
  }
  const plan = planPrune(found, pinned, pushed);
  if (deletes) await deleteAll(client, plan, signal);
  return plan;
}

function repositoriesOf({ runtimes }: Catalog, registry: string): string[] {
  const references = runtimes.flatMap(({ variants }) =>
    variants.flatMap((variant) => [
      imageRepository(registry, variant, 'runtime'),
      imageRepository(registry, variant, 'build'),
    ]),
  );
  return [...new Set(references)].map((reference) => imageAt(reference).repository);
}

/** What waits to be pinned. */
async function pushedLast(
  { repository, runtimes }: Catalog & { repository: string },
  registry: string,
): Promise<Set<string>> {
  const ids = runtimes.flatMap(({ variants }) => variants.map(({ id }) => id));
  const records = await Promise.all(ids.map((id) => readPushRecord(repository, id)));
  const images = records.flatMap(({ registries }) => {
    const { runtime, build } = registries[registry] ?? {};
    return [runtime, build];
  });
  return new Set(images.flatMap((image) => (image ? [image.digest] : [])));
}

async function deleteAll(
  client: RegistryClient,
  plan: Pruned[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { reference, digest, stays } of plan) {
    signal?.throwIfAborted();
    if (stays === undefined) await client.deleteManifest(imageAt(reference).repository, digest);
  }
}
