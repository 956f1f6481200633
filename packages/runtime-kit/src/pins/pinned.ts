import { type Catalog, selectVariants } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';
import type { Lock } from './lock.js';
import { pinsFolder } from './plan/sources.js';
import { readLock } from './store.js';
import { checkPins } from './verify.js';

/** A repository and what is pinned in it. */
export interface Pinned {
  catalog: Catalog & { repository: string };
  /** Sorted by runtime. */
  locks: Lock[];
}

/**
 * All pins of a repository, each held against its evidence.
 *
 * @throws RuntimeKitError PIN_INVALID where one does not hold
 */
export async function readPinned(catalog: Catalog & { repository: string }): Promise<Pinned> {
  const checks = await checkPins(pinsFolder(catalog));
  const broken = checks.filter(({ status }) => status === 'broken');
  if (broken.length > 0)
    throw new RuntimeKitError(
      'PIN_INVALID',
      broken.map(({ file, problems }) => `${file}: ${problems.join('; ')}`).join('\n'),
      { hint: 'run `npx runtime-kit pin verify`; bring the pin back with git, or pin it again' },
    );
  const locks = await Promise.all(checks.map(({ file }) => readLock(file)));
  return { catalog, locks: locks.filter((lock) => lock !== undefined) };
}

/**
 * The locks of the runtimes that selectors name; all without any.
 *
 * @throws RuntimeKitError UNKNOWN_SELECTOR, PIN_INVALID where one is not pinned, or nothing is
 */
export function chooseLocks({ runtimes }: Catalog, locks: Lock[], selectors: string[]): Lock[] {
  if (selectors.length === 0 && locks.length > 0) return locks;
  const chosen = selectVariants(runtimes, selectors).map(({ id }) => id);
  const found = locks.filter(({ runtime }) => chosen.includes(runtime));
  const missing = chosen.filter((id) => !found.some(({ runtime }) => runtime === id));
  if (missing.length === 0) return found;
  throw new RuntimeKitError('PIN_INVALID', `not pinned: ${missing.join(', ')}`, {
    hint: 'run `npx runtime-kit push --registry HOST/PREFIX`, then `npx runtime-kit pin`',
  });
}

/** Why a pin's images are not proved; undefined where they are. */
export function doubtOf({ images }: Lock): string | undefined {
  const verdicts = [images.runtime, images.build].flatMap((image) =>
    Object.values(image?.platforms ?? {}).map(({ conformance }) => conformance),
  );
  return verdicts.find((one) => one.verdict === 'unverified')?.reason;
}
