import { readRecord } from '../../build/index.js';
import type { Catalog, Variant } from '../../catalog/index.js';
import type { Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { type RetryOptions, registryPlace } from '../../registry/index.js';
import { openRegistry } from '../registry.js';
import { loginOf } from './login.js';
import { type PushEvent, pushVariant } from './push.js';
import type { PushedImages } from './record.js';

export type { PushEvent } from './push.js';

export interface PushOptions {
  /** Asked for only when there is something to push. */
  connect: () => Promise<Engine>;
  /** HOST/PREFIX */
  registry: string;
  onEvent?: (event: PushEvent) => void;
  signal?: AbortSignal;
}

export interface PushResult {
  runtime: string;
  images: PushedImages;
}

/**
 * Pushes what was built of each variant, one after the other; the first failure ends it, and the next push
 * goes on there.
 *
 * @throws RuntimeKitError USAGE, IMAGE_NOT_FOUND, CREDENTIALS_UNREADABLE, TAG_TAKEN, REGISTRY_…
 */
export async function pushBuilds(
  catalog: Catalog & { repository: string },
  variants: Variant[],
  { registry, connect, onEvent, signal }: PushOptions,
): Promise<PushResult[]> {
  const { repository } = catalog;
  const { host } = registryPlace(registry);
  const builds = await Promise.all(variants.map((variant) => buildOf(repository, variant)));
  const retry: RetryOptions = {
    signal,
    onRetry: ({ message }) => onEvent?.({ action: 'retry', reason: message }),
  };
  const { client, credentials } = await openRegistry(host, catalog, retry);
  const login = loginOf(host, credentials);
  const engine = await connect();
  const results: PushResult[] = [];
  for (const { variant, record } of builds) {
    const settings = { registry, engine, client, login, retry, onEvent };
    const images = await pushVariant(repository, variant, record, settings);
    results.push({ runtime: variant.id, images });
  }
  return results;
}

async function buildOf(repository: string, variant: Variant) {
  const record = await readRecord(repository, variant.id);
  if (record) return { variant, record };
  throw new RuntimeKitError('IMAGE_NOT_FOUND', `${variant.id}: no image was built here`, {
    hint: `run \`npx runtime-kit build ${variant.id}\``,
  });
}
