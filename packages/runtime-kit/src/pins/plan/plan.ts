import pMap from 'p-map';
import type { Catalog, Variant } from '../../catalog/index.js';
import type { RegistryClient } from '../../registry/index.js';
import { canonical, type Lock, type LockContent } from '../lock.js';
import { openRegistry } from '../registry.js';
import { type Candidate, candidateOf } from './candidate.js';
import { changesOf } from './changes.js';
import { classify } from './classify.js';
import type { PinPlan, PlannedPin } from './schema.js';

/** Variants: a registry that is asked for more answers 429. */
const ASKED_AT_A_TIME = 4;

export interface PlanOptions {
  /** HOST/PREFIX that was pushed to; needed where there are several. */
  registry?: string | undefined;
  allowUnverified?: boolean | undefined;
  signal?: AbortSignal;
}

/** A plan, and what it takes to carry it out. */
export interface Planned {
  plan: PinPlan;
  candidates: Candidate[];
}

/**
 * What pinning the last pushed images of the variants would change. Reads the registry, writes nothing.
 *
 * @throws RuntimeKitError PIN_REFUSED, PIN_INVALID, REGISTRY_…, USAGE
 */
export async function planPins(
  catalog: Catalog & { repository: string },
  variants: Variant[],
  { registry, allowUnverified = false, signal }: PlanOptions,
): Promise<Planned> {
  const clients = new Map<string, Promise<RegistryClient>>();
  const clientOf = (host: string): Promise<RegistryClient> => {
    const known = clients.get(host);
    if (known) return known;
    const opened = openRegistry(host, catalog, signal ? { signal } : {});
    const client = opened.then((one) => one.client);
    clients.set(host, client);
    return client;
  };
  const candidates = await pMap(
    variants,
    (one) => candidateOf(catalog, one, { registry, allowUnverified, clientOf }),
    { concurrency: ASKED_AT_A_TIME },
  );
  const pins = candidates.map(plannedPin);
  const plan: PinPlan = {
    apiVersion: 'runtime-kit/v1',
    kind: 'PinPlan',
    plannedAt: new Date().toISOString(),
    registry: registry ?? null,
    allowUnverified,
    pins: await Promise.all(pins),
  };
  return { plan, candidates };
}

async function plannedPin({ sources, content, documents, seen }: Candidate): Promise<PlannedPin> {
  const before = sources.lock && contentOf(sources.lock);
  const changes = await changesOf(before, content, documents);
  const isSame = before !== undefined && canonical(before) === canonical(content);
  const classified = isSame
    ? { class: 'unchanged' as const, reasons: [] }
    : classify(before, content, changes);
  return { runtime: content.runtime, ...classified, changes, seen, content };
}

function contentOf({ pinnedAt: _, integrity: __, ...content }: Lock): LockContent {
  return content;
}
