import type { Catalog } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';
import { checkPins, type Lock, pinsFolder, readLock } from '../pins/index.js';

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

/** Why a pin's images are not proved; undefined where they are. */
export function doubtOf({ images }: Lock): string | undefined {
  const verdicts = [images.runtime, images.build].flatMap((image) =>
    Object.values(image?.platforms ?? {}).map(({ conformance }) => conformance),
  );
  return verdicts.find((one) => one.verdict === 'unverified')?.reason;
}
