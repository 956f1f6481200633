import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Lock, sealed } from '../../src/pins/lock.js';
import { documentFile, lockFile } from '../../src/pins/store.js';
import { checkPins } from '../../src/pins/verify.js';
import { id, pinned } from './pinned.js';

/** A change that its author also sealed anew. */
function resealed(lock: Lock, change: (lock: Lock) => void): Lock {
  const changed = structuredClone(lock);
  change(changed);
  const { integrity: _, ...content } = changed;
  return sealed(content);
}

async function problemsOf(folder: string): Promise<string> {
  const [check, ...others] = await checkPins(folder);
  expect(others).toEqual([]);
  expect(check?.status).toBe('broken');
  return check?.problems.join('\n') ?? '';
}

test('no folder, no pins', async () => {
  expect(await checkPins('/nowhere/pins')).toEqual([]);
});

test.each([
  ['one platform', undefined],
  [
    'two platforms',
    {
      'linux/amd64': { runtime: id('a'), build: id('b') },
      'linux/arm64': { runtime: id('c'), build: id('d') },
    },
  ],
])('a sound pin of %s is proved', async (_, platforms) => {
  const { folder } = await pinned(platforms ? { platforms } : {});
  expect(await checkPins(folder)).toMatchObject([
    { runtime: 'toy1.10', status: 'proved', problems: [] },
  ]);
});

test('an unverified pin says why', async () => {
  const { folder } = await pinned({ verdict: { verdict: 'unverified', reason: 'no time' } });
  expect(await checkPins(folder)).toMatchObject([{ status: 'unverified', problems: ['no time'] }]);
});

describe('the lock', () => {
  test('edited by hand', async () => {
    const { folder, lock, write } = await pinned();
    await write({ ...lock, pinnedAt: '2027-01-02T03:04:05.678Z' });
    expect(await problemsOf(folder)).toContain('toy1.10.lock.json was edited');
  });

  test('of another shape, with every problem', async () => {
    const { folder, lock, write } = await pinned();
    await write({ ...lock, version: 1, colour: 'red' } as unknown as Lock);
    const problems = await problemsOf(folder);
    expect(problems).toContain('version: ');
    expect(problems).toContain('colour: unknown key');
  });

  test('that is no JSON', async () => {
    const { folder } = await pinned();
    await writeFile(lockFile(folder, 'toy1.10'), '<<<<<<< HEAD');
    expect(await problemsOf(folder)).toContain('toy1.10.lock.json is no JSON');
  });

  test('under the name of another runtime', async () => {
    const { folder } = await pinned();
    await rename(lockFile(folder, 'toy1.10'), lockFile(folder, 'toy1.9'));
    expect(await problemsOf(folder)).toContain('toy1.9.lock.json pins toy1.10');
  });
});

describe('evidence', () => {
  test('that was edited', async () => {
    const { folder, lock } = await pinned();
    const file = documentFile(folder, lock.images.runtime.digest);
    await writeFile(file, '{}');
    expect(await problemsOf(folder)).toBe(`${file} was edited: its sha256 is not its name`);
  });

  test('that is missing', async () => {
    const { folder, lock } = await pinned();
    const { sbom } = lock.images.runtime.platforms['linux/amd64'] ?? {};
    await rm(documentFile(folder, sbom ?? ''));
    expect(await problemsOf(folder)).toMatch(/evidence\/[0-9a-f]{64}\.json is missing/);
  });

  test('of other images than the lock names, sealed anew', async () => {
    const { folder, lock, write } = await pinned();
    await write(
      resealed(lock, ({ images }) => {
        for (const platform of Object.values(images.runtime.platforms)) platform.imageId = id('e');
      }),
    );
    const problems = await problemsOf(folder);
    expect(problems).toContain(`is not the image ${id('e')}`);
    expect(problems).toContain('its bill of materials is of another image');
    expect(problems).toContain(`the report is of the image ${id('a')}`);
  });

  test('that says less than the lock claims', async () => {
    const { folder, lock, write } = await pinned();
    await write(
      resealed(lock, ({ images }) => {
        const platform = images.runtime.platforms['linux/amd64'];
        if (platform?.conformance.verdict === 'passed') platform.conformance.rules.passed++;
      }),
    );
    expect(await problemsOf(folder)).toContain('the report says something else');
  });

  test('of a run in which a rule failed', async () => {
    const cases = [{ name: 'x', status: 'failed' as const, durationMs: 1 }];
    const changes = { 'process.port': { status: 'failed' as const, cases } };
    const { folder } = await pinned({ report: { changes } });
    expect(await problemsOf(folder)).toContain('failed: process.port');
  });

  test('whose list of platforms is another', async () => {
    const { folder, lock, write } = await pinned();
    await write(
      resealed(lock, ({ images }) => Object.assign(images.build ?? {}, { digest: id('e') })),
    );
    expect(await problemsOf(folder)).toContain(`${id('e')} is not what serves its platforms`);
  });
});

test('files that are no locks are left alone', async () => {
  const { folder } = await pinned();
  await writeFile(join(folder, 'README.md'), 'read me');
  expect(await checkPins(folder)).toHaveLength(1);
});
