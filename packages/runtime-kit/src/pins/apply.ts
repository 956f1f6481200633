import { type Catalog, selectVariants, type Variant } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';
import { imageAt } from '../registry/index.js';
import { exclusively } from './exclusive.js';
import { canonical, sealed } from './lock.js';
import { type Planned, type PlanOptions, planPins } from './plan/plan.js';
import type { PinPlan, PlannedPin } from './plan/schema.js';
import { pinsFolder } from './plan/sources.js';
import { openRegistry } from './registry.js';
import { documentFile, lockFile } from './store.js';
import { writeTogether } from './write.js';

/**
 * Plans and carries out in one.
 *
 * @throws RuntimeKitError PIN_BUSY, PIN_REFUSED, PIN_INVALID, WRITE_FAILED, REGISTRY_…, USAGE
 */
export async function pinNow(
  catalog: Catalog & { repository: string },
  variants: Variant[],
  options: PlanOptions,
): Promise<PinPlan> {
  return exclusively(pinsFolder(catalog), async () => {
    const planned = await planPins(catalog, variants, options);
    await carryOut(catalog, planned);
    return planned.plan;
  });
}

/**
 * Carries a plan out if planning again gives the same.
 *
 * @throws RuntimeKitError PIN_MOVED with all that moved, and what `pinNow` throws
 */
export async function applyPlan(
  catalog: Catalog & { repository: string },
  plan: PinPlan,
  signal?: AbortSignal,
): Promise<PinPlan> {
  const names = plan.pins.map(({ runtime }) => runtime);
  const variants = names.length > 0 ? selectVariants(catalog.runtimes, names) : [];
  return exclusively(pinsFolder(catalog), async () => {
    const planned = await planPins(catalog, variants, {
      registry: plan.registry ?? undefined,
      allowUnverified: plan.allowUnverified,
      ...(signal ? { signal } : {}),
    });
    refuseMoved(plan, planned.plan);
    await carryOut(catalog, planned);
    return planned.plan;
  });
}

function refuseMoved(plan: PinPlan, now: PinPlan): void {
  const moved = plan.pins.flatMap((pin, index) => movesOf(pin, now.pins[index]));
  if (moved.length === 0) return;
  throw new RuntimeKitError('PIN_MOVED', `not what was planned any more\n  ${moved.join('\n  ')}`, {
    hint: 'plan again, and look at what it says: `runtime-kit pin plan`',
  });
}

function movesOf(pin: PlannedPin, now: PlannedPin | undefined): string[] {
  if (!now) return [`${pin.runtime} is gone`];
  const names = new Set([...Object.keys(pin.seen), ...Object.keys(now.seen)]);
  const moved = [...names]
    .filter((name) => (pin.seen[name] ?? null) !== (now.seen[name] ?? null))
    .map((name) => `${name}: ${pin.seen[name] ?? 'nothing'} is now ${now.seen[name] ?? 'nothing'}`);
  if (moved.length > 0 || canonical(pin.content) === canonical(now.content)) return moved;
  return [`${pin.runtime}: the plan was edited, or made by another version of runtime-kit`];
}

/** Evidence first: a lock never names what is not there. */
async function carryOut(
  catalog: Catalog & { repository: string },
  { plan, candidates }: Planned,
): Promise<void> {
  const folder = pinsFolder(catalog);
  const pinnedAt = new Date().toISOString();
  const changed = candidates.filter((_, index) => plan.pins[index]?.class !== 'unchanged');
  for (const { reference, tag, manifest } of changed.flatMap(({ indexes }) => indexes)) {
    const { host, repository } = imageAt(reference);
    const { client } = await openRegistry(host, catalog);
    await client.putManifest(repository, tag, manifest);
  }
  const evidence = changed.flatMap(({ documents }) =>
    [...documents.kept].map(([digest, text]) => [documentFile(folder, digest), text] as const),
  );
  const locks = changed.map(
    ({ content }) =>
      [
        lockFile(folder, content.runtime),
        `${JSON.stringify(sealed({ ...content, pinnedAt }), null, 2)}\n`,
      ] as const,
  );
  await writeTogether(new Map([...evidence, ...locks]));
}
