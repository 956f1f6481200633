import { expect, test } from 'vitest';
import { fixtureFiles, fixtureNames } from '../../src/conformance/targets/fixtures.js';
import { folderOf } from '../support/toy.js';
import { toyFacts } from './toy-facts.js';

const FILES = { 'functions/function.toy': 'play', 'functions/lib/more.toy': 'more', 'other/x': '' };

test('a fixture is its files, folders included', async () => {
  const runtime = toyFacts({ fixtures: await folderOf(FILES) });
  const files = await fixtureFiles(runtime, {});
  expect(files.map(({ path }) => path).sort()).toEqual(['function.toy', 'lib/more.toy']);
  expect((await fixtureNames(runtime)).sort()).toEqual(['functions', 'other']);
});

test('the shape of a ConfigMap mount: flat files, each a link through ..data', async () => {
  const runtime = toyFacts({ fixtures: await folderOf(FILES) });
  const files = await fixtureFiles(runtime, { layout: 'configmap' });
  const version = '..2026_01_01_00_00_00.000000001';
  expect(files).toEqual([
    { path: `${version}/function.toy`, content: Buffer.from('play'), mode: 0o644 },
    { path: '..data', link: version },
    { path: 'function.toy', link: '..data/function.toy' },
  ]);
});

test('files of a case replace and add to those of the fixture', async () => {
  const runtime = toyFacts({ fixtures: await folderOf(FILES) });
  const files = await fixtureFiles(runtime, { files: { 'function.toy': 'new', 'toys.txt': 'a' } });
  const texts = files.map((file) => [file.path, 'content' in file && String(file.content)]);
  expect(Object.fromEntries(texts)).toEqual({
    'function.toy': 'new',
    'lib/more.toy': 'more',
    'toys.txt': 'a',
  });
});

test('a fixture that is not there is named', async () => {
  const runtime = toyFacts({ fixtures: await folderOf(FILES) });
  await expect(fixtureFiles(runtime, { fixture: 'missing' })).rejects.toThrow(
    /fixture folder .*missing/,
  );
});
