import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseEndOfLife } from '../../src/build/execute.js';
import { planBuilds } from '../../src/build/index.js';
import { type BuildRecord, writeRecord } from '../../src/build/record.js';
import { loadRepositoryCatalog, selectVariants } from '../../src/catalog/index.js';
import { generate } from '../../src/generate/index.js';
import { toyRepository } from '../support/toy.js';

async function planned(repository: string) {
  const catalog = await loadRepositoryCatalog(repository);
  const [plan] = await planBuilds(catalog, selectVariants(catalog.runtimes, []));
  if (!plan) throw new Error('nothing planned');
  return plan;
}

async function builtRepository(): Promise<string> {
  const repository = await toyRepository();
  await generate(await loadRepositoryCatalog(repository));
  const { inputs, variant } = await planned(repository);
  const record: BuildRecord = {
    runtime: variant.id,
    inputHash: inputs.hash,
    inputs: inputs.hashes,
    base: { name: 'base', digest: 'sha256:0', source: 'bootstrap' },
    revision: 'unknown',
    images: {
      runtime: { name: 'test/toy:1.10', id: 'sha256:1', sizeBytes: 1, layers: [], packages: [] },
    },
    builtAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
  };
  await writeRecord(repository, record);
  return repository;
}

test('what was never built is built', async () => {
  const repository = await toyRepository();
  await generate(await loadRepositoryCatalog(repository));
  expect(await planned(repository)).toMatchObject({ action: 'build', reason: 'never built here' });
});

test('what did not change is kept', async () => {
  expect(await planned(await builtRepository())).toMatchObject({ action: 'keep', changed: [] });
});

test('a changed, a new and a deleted input are named', async () => {
  const repository = await builtRepository();
  await writeFile(join(repository, 'images/toy/server/main.toy'), 'serve better');
  await writeFile(join(repository, 'images/toy/server/new.toy'), 'new');
  expect(await planned(repository)).toMatchObject({
    action: 'build',
    changed: ['server/main.toy', 'server/new.toy'],
  });
});

test('a file outside the inputs changes nothing', async () => {
  const repository = await builtRepository();
  await writeFile(join(repository, 'images/toy/README.md'), 'words');
  expect(await planned(repository)).toMatchObject({ action: 'keep' });
});

test('a missing Dockerfile says how to make it', async () => {
  await expect(planned(await toyRepository())).rejects.toMatchObject({
    code: 'GENERATED_DRIFT',
    hint: expect.stringContaining('runtime-kit generate'),
  });
});

test('a broken record counts as none', async () => {
  const repository = await builtRepository();
  await writeFile(join(repository, '.runtime-kit/records/toy1.10.json'), '{"runtime":');
  expect(await planned(repository)).toMatchObject({ action: 'build' });
});

test('versions past their end of life are refused by name', async () => {
  const { runtimes } = await loadRepositoryCatalog(await toyRepository());
  const variants = selectVariants(runtimes, [], { all: true });
  expect(() => refuseEndOfLife(variants, new Date('2026-01-01'))).toThrow(
    /^past the end of life: toy1\.9 \(2025-01-01\)$/,
  );
  expect(() => refuseEndOfLife(variants, new Date('2024-06-01'))).not.toThrow();
});
