import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { BuildRecord } from '../../src/build/index.js';
import { toRuntime } from '../../src/catalog/index.js';
import { jsonSchemas } from '../../src/generate/schemas.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { exclusively } from '../../src/pins/exclusive.js';
import { indexOf } from '../../src/pins/index-manifest.js';
import { isSealed } from '../../src/pins/lock.js';
import { tagsOf } from '../../src/pins/push/tags.js';
import { writeTogether } from '../../src/pins/write.js';
import { folderOf, toyManifest } from '../support/toy.js';
import { pinned } from './pinned.js';

test('a lock fits its published schema', async () => {
  const { lock } = await pinned();
  const ajv = new Ajv2020({ validateFormats: false });
  const validate = ajv.compile(JSON.parse(jsonSchemas()['lock.schema.json'] ?? ''));
  expect(validate(lock), JSON.stringify(validate.errors)).toBe(true);
});

test('a seal does not depend on the order of keys, and on everything else', async () => {
  const { lock } = await pinned();
  const reversed = Object.fromEntries(Object.entries(lock).reverse());
  expect(isSealed(reversed as typeof lock)).toBe(true);
  expect(isSealed({ ...lock, contract: 2 })).toBe(false);
});

describe('tags', () => {
  const { variants } = toRuntime('/nowhere', manifestSchema.parse(toyManifest()));
  const record = {
    inputHash: '1234567890abcdef'.repeat(4),
    base: { digest: `sha256:${'fedcba98'.repeat(8)}` },
  } as BuildRecord;

  test('of the newest version', () => {
    expect(variants[0] && tagsOf(variants[0], record, 'linux/amd64')).toEqual({
      immutable: '1.10-1234567890ab-fedcba98-amd64',
      floating: ['1.10', 'latest'],
    });
  });

  test('of an older one, for a platform with a variant', () => {
    expect(variants[1] && tagsOf(variants[1], record, 'linux/arm/v7')).toEqual({
      immutable: '1.9-1234567890ab-fedcba98-arm-v7',
      floating: ['1.9'],
    });
  });
});

test('a list of platforms does not depend on their order, and is of the type of its members', () => {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const member = JSON.stringify({ mediaType: type });
  const list = indexOf(
    new Map([
      ['linux/arm64', member],
      ['linux/amd64', member],
    ]),
  );
  expect(list).toEqual(
    indexOf(
      new Map([
        ['linux/amd64', member],
        ['linux/arm64', member],
      ]),
    ),
  );
  expect(list.mediaType).toBe('application/vnd.oci.image.index.v1+json');
  expect(JSON.parse(list.text).manifests).toMatchObject([
    { platform: { os: 'linux', architecture: 'amd64' }, mediaType: type, size: member.length },
    { platform: { os: 'linux', architecture: 'arm64' } },
  ]);
});

describe('files that belong together', () => {
  test('are written with their folders', async () => {
    const folder = await folderOf({});
    await writeTogether(new Map([[join(folder, 'a/b'), 'text']]));
    expect(await readFile(join(folder, 'a/b'), 'utf8')).toBe('text');
  });

  test('are not written at all where one of them cannot be', async () => {
    const folder = await folderOf({ first: 'old', 'no-folder': '' });
    const files = new Map([
      [join(folder, 'first'), 'new'],
      [join(folder, 'no-folder/second'), 'new'],
    ]);
    await expect(writeTogether(files)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect(await readFile(join(folder, 'first'), 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['first', 'no-folder']);
  });
});

describe('one at a time', () => {
  test('the second is told', async () => {
    const folder = join(await folderOf({}), 'pins');
    await exclusively(folder, async () => {
      await expect(exclusively(folder, async () => {})).rejects.toMatchObject({
        code: 'PIN_BUSY',
        exitCode: 75,
        message: expect.stringContaining(folder),
      });
    });
    expect(await exclusively(folder, async () => 'free again')).toBe('free again');
    expect(await readdir(folder)).toEqual([]);
  });

  test('what a dead process left is taken over', async () => {
    const folder = await folderOf({});
    await mkdir(join(folder, '.lock'));
    await utimes(join(folder, '.lock'), new Date(0), new Date(0));
    expect(await exclusively(folder, async () => 'taken over')).toBe('taken over');
  });
});
