import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadRepositoryCatalog } from '../../src/catalog/index.js';
import { checkGenerated, generate } from '../../src/generate/index.js';
import { toyManifest, toyRepository } from '../support/toy.js';

const DOCKERFILE = 'images/toy/generated/1.10/Dockerfile';

async function generatedRepository(): Promise<string> {
  const repository = await toyRepository();
  await generate(await loadRepositoryCatalog(repository));
  return repository;
}

test('a second run writes nothing', async () => {
  const repository = await generatedRepository();
  expect(await generate(await loadRepositoryCatalog(repository))).toEqual([]);
});

test('the check names a file edited by hand and the mending command', async () => {
  const repository = await generatedRepository();
  await writeFile(join(repository, DOCKERFILE), 'FROM elsewhere\n');
  await expect(checkGenerated(await loadRepositoryCatalog(repository))).rejects.toMatchObject({
    code: 'GENERATED_DRIFT',
    message: expect.stringContaining(`${DOCKERFILE}: changed`),
    hint: expect.stringContaining('npx runtime-kit generate'),
  });
});

test('generate mends an edit and a missing file', async () => {
  const repository = await generatedRepository();
  const before = await readFile(join(repository, DOCKERFILE), 'utf8');
  await writeFile(join(repository, DOCKERFILE), 'FROM elsewhere\n');
  await rm(join(repository, 'images/toy/.dockerignore'));
  const written = await generate(await loadRepositoryCatalog(repository));
  expect(written).toEqual([
    { path: 'images/toy/.dockerignore', kind: 'missing' },
    { path: DOCKERFILE, kind: 'changed' },
  ]);
  expect(await readFile(join(repository, DOCKERFILE), 'utf8')).toBe(before);
});

test('the Dockerfile of a version that is gone is left over, and deleted', async () => {
  const repository = await generatedRepository();
  const [, newest] = toyManifest().versions;
  await writeFile(
    join(repository, 'images/toy/runtime.yaml'),
    stringify(toyManifest({ vars: { tool: 'toys-{{version}}' }, versions: [newest] })),
  );
  const catalog = await loadRepositoryCatalog(repository);
  await expect(checkGenerated(catalog)).rejects.toThrow(
    'images/toy/generated/1.9/Dockerfile: left over',
  );
  await generate(catalog);
  await checkGenerated(catalog);
});
