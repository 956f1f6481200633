import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import {
  imageKinds,
  imageName,
  isEndOfLife,
  loadRepositoryCatalog,
  selectVariants,
} from '../../src/catalog/index.js';
import { folderOf, toyManifest, toyRepository } from '../support/toy.js';

describe('the catalog', () => {
  test('finds every runtime.yaml of a repository from a folder inside it', async () => {
    const repository = await toyRepository();
    const { runtimes } = await loadRepositoryCatalog(`${repository}/images/toy/server`);
    expect(runtimes.map(({ language }) => language)).toEqual(['toy']);
  });

  test('has the newest version first, by number and not by letter', async () => {
    const { runtimes } = await loadRepositoryCatalog(await toyRepository());
    expect(runtimes[0]?.variants.map(({ id }) => id)).toEqual(['toy1.10', 'toy1.9']);
  });

  test('reports the problems of all manifests together', async () => {
    const repository = await toyRepository({
      'images/a/runtime.yaml': stringify(toyManifest({ language: 'A' })),
      'images/b/runtime.yaml': stringify(toyManifest({ language: 'b', surplus: 1 })),
    });
    const failure = loadRepositoryCatalog(repository);
    await expect(failure).rejects.toThrow(/images\/a\/runtime\.yaml: language/);
    await expect(failure).rejects.toThrow(/images\/b\/runtime\.yaml: surplus: unknown key/);
  });

  test('refuses two folders with the same language', async () => {
    const repository = await toyRepository({
      'packages/toy2/runtime.yaml': stringify(toyManifest()),
    });
    await expect(loadRepositoryCatalog(repository)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
    });
  });

  test('reports unknown keys of runtime-kit.config.yaml', async () => {
    const repository = await folderOf({
      'runtime-kit.config.yaml': 'apiVersion: runtime-kit/v1\nbase: { sauce: auto }\n',
    });
    await expect(loadRepositoryCatalog(repository)).rejects.toThrow(/base\.sauce: unknown key/);
  });

  test('says that it needs a repository where there is none', async () => {
    await expect(loadRepositoryCatalog(await folderOf({}))).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('a selector', () => {
  const ids = async (selectors: string[], all = false) => {
    const { runtimes } = await loadRepositoryCatalog(await toyRepository());
    return selectVariants(runtimes, selectors, { all }).map(({ id }) => id);
  };

  test('nothing is the newest of each language', async () =>
    expect(await ids([])).toEqual(['toy1.10']));
  test('a language is its newest version', async () =>
    expect(await ids(['toy'])).toEqual(['toy1.10']));
  test('with all, a language is every version', async () =>
    expect(await ids(['toy'], true)).toEqual(['toy1.10', 'toy1.9']));
  test('a runtime id is itself, once though named twice', async () =>
    expect(await ids(['toy1.9', 'toy1.9'])).toEqual(['toy1.9']));
  test('that is unknown suggests the nearest', async () => {
    await expect(ids(['toi1.9'])).rejects.toMatchObject({
      code: 'UNKNOWN_SELECTOR',
      hint: expect.stringContaining('did you mean toy1.9?'),
    });
  });
});

test('images are named by prefix, language and version', async () => {
  const { runtimes } = await loadRepositoryCatalog(await toyRepository());
  const [runtime] = runtimes;
  const [variant] = runtime?.variants ?? [];
  if (!runtime || !variant) throw new Error('no variant');
  expect(imageKinds(runtime).map((kind) => imageName('p', variant, kind))).toEqual([
    'p/toy:1.10',
    'p/toy-build:1.10',
  ]);
});

test('a version is supported on its last day and not on the next', async () => {
  const { runtimes } = await loadRepositoryCatalog(await toyRepository());
  const old = runtimes[0]?.variants[1];
  if (!old) throw new Error('no variant');
  expect(isEndOfLife(old, new Date('2025-01-01T12:00:00Z'))).toBe(false);
  expect(isEndOfLife(old, new Date('2025-01-02T00:00:00Z'))).toBe(true);
});
