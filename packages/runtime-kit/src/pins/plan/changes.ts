import type { ImageKind } from '../../catalog/index.js';
import type { LockContent, LockedPlatform } from '../lock.js';
import type { Documents } from './documents.js';
import { type PackageChanges, packageChanges } from './packages.js';
import { type RuleChange, ruleChanges } from './rules.js';

interface Pair<Value> {
  old: Value | null;
  new: Value | null;
}

/** What becomes of one platform of one image. */
export interface ImageChange {
  kind: ImageKind;
  platform: string;
  digest: Pair<string>;
  sizeBytes: Pair<number>;
  inputHash: Pair<string>;
  baseDigest: Pair<string>;
  verdict: Pair<'passed' | 'unverified'>;
  packages: PackageChanges;
  rules: RuleChange[];
}

/** Compares two pins by the documents that they name. */
export async function changesOf(
  before: LockContent | undefined,
  now: LockContent,
  documents: Documents,
): Promise<ImageChange[]> {
  const places = new Map(
    [before, now].flatMap((content) =>
      platformsOf(content).map(({ kind, platform }) => [`${kind} ${platform}`, { kind, platform }]),
    ),
  );
  const changes = [...places.values()].map(async ({ kind, platform }) => {
    const old = before?.images[kind]?.platforms[platform];
    const current = now.images[kind]?.platforms[platform];
    return { kind, platform, ...(await compare(old, current, documents)) };
  });
  return Promise.all(changes);
}

function platformsOf(content: LockContent | undefined) {
  return (['runtime', 'build'] as const).flatMap((kind) =>
    Object.keys(content?.images[kind]?.platforms ?? {}).map((platform) => ({ kind, platform })),
  );
}

async function compare(
  old: LockedPlatform | undefined,
  now: LockedPlatform | undefined,
  documents: Documents,
): Promise<Omit<ImageChange, 'kind' | 'platform'>> {
  const pair = <Value>(of: (one: LockedPlatform) => Value): Pair<Value> => ({
    old: old ? of(old) : null,
    new: now ? of(now) : null,
  });
  const sbomOf = async (one: LockedPlatform | undefined) => one && documents.read(one.sbom);
  const reportOf = async (one: LockedPlatform | undefined) =>
    one?.conformance.verdict === 'passed' ? documents.read(one.conformance.report) : undefined;
  return {
    digest: pair(({ digest }) => digest),
    sizeBytes: pair(({ sizeBytes }) => sizeBytes),
    inputHash: pair(({ inputHash }) => inputHash),
    baseDigest: pair(({ baseDigest }) => baseDigest),
    verdict: pair(({ conformance }) => conformance.verdict),
    packages: packageChanges(await sbomOf(old), (await sbomOf(now)) ?? '{}'),
    rules: ruleChanges(await reportOf(old), await reportOf(now)),
  };
}
