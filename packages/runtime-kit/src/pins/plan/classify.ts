import type { LockContent } from '../lock.js';
import type { ImageChange } from './changes.js';
import { PASSED_IN_PART } from './rules.js';

export const CLASSES = ['unchanged', 'new', 'patch', 'minor', 'breaking'] as const;

export interface Classified {
  class: (typeof CLASSES)[number];
  /** One line each for a person, of what makes it so. */
  reasons: string[];
}

/**
 * How much a pin changes. `breaking`: something that functions could count on is gone. `minor`: the
 * server, its build or the contract changed. `patch`: the same inputs on another base or with other
 * versions of packages.
 */
export function classify(
  before: LockContent | undefined,
  now: LockContent,
  changes: ImageChange[],
): Classified {
  if (!before) return { class: 'new', reasons: ['not pinned yet'] };
  const breaking = [...lost(before, now), ...changes.flatMap(broken)];
  if (breaking.length > 0) return { class: 'breaking', reasons: unique(breaking) };
  const minor = changes.flatMap(extended);
  if (minor.length > 0) return { class: 'minor', reasons: unique(minor) };
  return { class: 'patch', reasons: unique(changes.flatMap(renewed)) };
}

function lost(before: LockContent, now: LockContent): string[] {
  return [
    ...(before.language === now.language && before.version === now.version
      ? []
      : [`${before.language} ${before.version} becomes ${now.language} ${now.version}`]),
    ...(before.contract === now.contract
      ? []
      : [`version ${before.contract} of the contract becomes ${now.contract}`]),
  ];
}

function broken({ kind, platform, digest, verdict, packages, rules }: ImageChange): string[] {
  return [
    ...(digest.old !== null && digest.new === null ? [`no ${kind} image for ${platform}`] : []),
    ...(digest.new === null ? [] : packages.removed.map((name) => `without ${name} (${kind})`)),
    ...(verdict.old === 'passed' && verdict.new === 'unverified' ? ['not verified any more'] : []),
    ...rules
      .filter(({ old, new: now }) => heldBy(old) > heldBy(now))
      .map((rule) => `rule ${rule.id}: ${rule.old} becomes ${rule.new ?? 'not asked'}`),
  ];
}

/** How much of a rule is proved. */
function heldBy(status: string | null): number {
  return [PASSED_IN_PART, 'passed'].indexOf(status ?? '') + 1;
}

function extended({ kind, platform, digest, inputHash, packages, rules }: ImageChange): string[] {
  const isBoth = digest.old !== null && digest.new !== null;
  return [
    ...(isBoth ? [] : [`a ${kind} image for ${platform}`]),
    ...(isBoth && inputHash.old !== inputHash.new ? ['the files that it is built of changed'] : []),
    ...(isBoth ? packages.added.map((name) => `with ${name} (${kind})`) : []),
    ...rules.map(
      (rule) => `rule ${rule.id}: ${rule.old ?? 'not asked'} becomes ${rule.new ?? 'not asked'}`,
    ),
  ];
}

function renewed({ kind, digest, baseDigest, packages }: ImageChange): string[] {
  return [
    ...(baseDigest.old === baseDigest.new ? [] : ['another base image']),
    ...packages.updated.map(({ name, old, new: now }) => `${name} ${old} becomes ${now} (${kind})`),
    ...(digest.old === digest.new ? ['other evidence for the same image'] : []),
  ];
}

function unique(lines: string[]): string[] {
  return [...new Set(lines)];
}
