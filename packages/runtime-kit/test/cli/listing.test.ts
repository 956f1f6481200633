import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadRepositoryCatalog } from '../../src/catalog/index.js';
import { listingOf } from '../../src/cli/listing.js';
import { generatedFiles } from '../../src/generate/index.js';
import { toyRepository } from '../support/toy.js';

const image = `registry.example/wood@sha256:${'7'.repeat(64)}`;

async function repositoryWith(config: Record<string, unknown>) {
  const text = stringify({ apiVersion: 'runtime-kit/v1', ...config });
  return loadRepositoryCatalog(await toyRepository({ 'runtime-kit.config.yaml': text }));
}

const AROUND = {
  aliases: { 'toy1.8': 'toy1.9', wood1: 'wood2' },
  customRuntimes: [{ id: 'wood', version: '2', images: [{ phase: 'runtime', image }] }],
};

test('aliases and custom runtimes are listed, and flagged', async () => {
  const rows = listingOf(await repositoryWith(AROUND), new Date('2026-06-01'));
  expect(rows.map(({ runtime, status, aliasOf }) => [runtime, status, aliasOf])).toEqual([
    ['toy1.10', 'supported', undefined],
    ['toy1.9', 'end of life', undefined],
    ['toy1.8', 'end of life', 'toy1.9'],
    ['wood2', 'custom', undefined],
    ['wood1', 'custom', 'wood2'],
  ]);
  expect(rows.at(-1)?.images).toEqual([image]);
});

test('the reference has aliases where there are any', async () => {
  const page = async (config: Record<string, unknown>) => {
    const files = await generatedFiles(
      await repositoryWith({ generated: { reference: 'ref' }, ...config }),
    );
    return files.find(({ path }) => path.endsWith('ref/runtimes.md'))?.text;
  };
  expect(await page(AROUND)).toContain('| `toy1.8` | `toy1.9` |\n');
  expect(await page({})).not.toContain('alias');
});
