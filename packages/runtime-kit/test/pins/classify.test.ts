import { describe, expect, test } from 'vitest';
import type { LockContent } from '../../src/pins/lock.js';
import type { ImageChange } from '../../src/pins/plan/changes.js';
import { classify } from '../../src/pins/plan/classify.js';
import { packageChanges } from '../../src/pins/plan/packages.js';

const BEFORE = { language: 'toy', version: '1', contract: 1 } as LockContent;
const NO_PACKAGES = { added: [], removed: [], updated: [] };

const same = <Value>(value: Value) => ({ old: value, new: value });

function change(changes: Partial<ImageChange> = {}): ImageChange {
  return {
    kind: 'runtime',
    platform: 'linux/amd64',
    digest: { old: 'a', new: 'b' },
    sizeBytes: same(1),
    inputHash: same('i'),
    baseDigest: same('b'),
    verdict: same('passed' as const),
    packages: NO_PACKAGES,
    rules: [],
    ...changes,
  };
}

const classOf = (one: ImageChange, now = BEFORE) => classify(BEFORE, now, [one]);

test('what was not pinned is new', () => {
  expect(classify(undefined, BEFORE, [change()]).class).toBe('new');
});

describe('patch', () => {
  test.each([
    ['another base', { baseDigest: { old: 'b', new: 'c' } }, 'another base image'],
    [
      'other versions',
      { packages: { ...NO_PACKAGES, updated: [{ name: 'deb/x', old: ['1'], new: ['2'] }] } },
      'deb/x 1 becomes 2 (runtime)',
    ],
    ['another report', { digest: same('a') }, 'other evidence for the same image'],
  ])('%s', (_, changes, reason) => {
    expect(classOf(change(changes))).toEqual({ class: 'patch', reasons: [reason] });
  });
});

describe('minor', () => {
  test.each([
    [
      'other inputs',
      { inputHash: { old: 'i', new: 'j' } },
      'the files that it is built of changed',
    ],
    ['a package', { packages: { ...NO_PACKAGES, added: ['deb/x 1'] } }, 'with deb/x 1 (runtime)'],
    [
      'a rule',
      { rules: [{ id: 'a.b', old: null, new: 'passed' }] },
      'rule a.b: not asked becomes passed',
    ],
    [
      'a rule of which more is asked',
      { rules: [{ id: 'a.b', old: 'passed in part', new: 'passed' }] },
      'rule a.b: passed in part becomes passed',
    ],
    [
      'a platform',
      { platform: 'linux/arm64', digest: { old: null, new: 'b' } },
      'a runtime image for linux/arm64',
    ],
  ])('%s', (_, changes, reason) => {
    expect(classOf(change(changes))).toEqual({ class: 'minor', reasons: [reason] });
  });
});

describe('breaking', () => {
  test.each([
    [
      'no package',
      { packages: { ...NO_PACKAGES, removed: ['deb/x 1'] } },
      'without deb/x 1 (runtime)',
    ],
    [
      'a rule that does not hold',
      { rules: [{ id: 'a.b', old: 'passed', new: 'gap' }] },
      'rule a.b: passed becomes gap',
    ],
    [
      'a rule that is not asked',
      { rules: [{ id: 'a.b', old: 'passed', new: null }] },
      'rule a.b: passed becomes not asked',
    ],
    [
      'a rule of which less is asked',
      { rules: [{ id: 'a.b', old: 'passed', new: 'passed in part' }] },
      'rule a.b: passed becomes passed in part',
    ],
    ['no platform', { digest: { old: 'a', new: null } }, 'no runtime image for linux/amd64'],
    [
      'no verdict',
      { verdict: { old: 'passed' as const, new: 'unverified' as const } },
      'not verified any more',
    ],
  ])('%s', (_, changes, reason) => {
    expect(classOf(change(changes))).toEqual({ class: 'breaking', reasons: [reason] });
  });

  test('another contract', () => {
    expect(classOf(change(), { ...BEFORE, contract: 2 }).class).toBe('breaking');
  });
});

test('packages are compared by their names, with all versions that are installed', () => {
  const sbom = (...purls: string[]) =>
    JSON.stringify({ components: purls.map((purl) => ({ purl })) });
  const before = sbom('pkg:deb/debian/a@1?arch=all', 'pkg:npm/b@1', 'pkg:npm/b@2', 'pkg:npm/c@1');
  const now = sbom('pkg:deb/debian/a@2?arch=all', 'pkg:npm/b@2', 'pkg:npm/%40x/c@1');
  expect(packageChanges(before, now)).toEqual({
    added: ['npm/@x/c 1'],
    removed: ['npm/c 1'],
    updated: [
      { name: 'deb/debian/a', old: ['1'], new: ['2'] },
      { name: 'npm/b', old: ['1', '2'], new: ['2'] },
    ],
  });
});
