import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import {
  buildMirrors,
  loadRepositoryCatalog,
  parseConfig,
  phaseMirrors,
} from '../../src/catalog/index.js';
import { toyManifest, toyRepository } from '../support/toy.js';

const DEBIAN = {
  debian: 'http://packages.example/debian',
  debianSecurity: 'http://packages.example/debian-security',
};

/** What is wrong with a configuration's `mirrors`; undefined where nothing is. */
function wrong(mirrors: unknown): string | undefined {
  try {
    parseConfig(stringify({ apiVersion: 'runtime-kit/v1', mirrors }), 'config.yaml');
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    return (error as Error).message;
  }
}

describe('mirrors', () => {
  test('may all be there, or none', () => {
    expect(wrong(undefined)).toBeUndefined();
    expect(wrong({})).toBeUndefined();
    expect(wrong({ ...DEBIAN, packages: { toys: 'https://packages.example/toys/' } })).toBe(
      undefined,
    );
  });

  test.each([
    [{ packages: { toys: 'packages.example' } }, 'mirrors.packages.toys: is no URL'],
    [{ packages: { toys: 'ftp://packages.example' } }, 'mirrors.packages.toys: is no URL'],
    [{ toys: 'https://packages.example' }, 'mirrors.toys: unknown key'],
    [{ debian: DEBIAN.debian }, 'mirrors.debianSecurity: is missing: debian alone'],
    [{ debianSecurity: DEBIAN.debian }, 'mirrors.debian: is missing: debianSecurity alone'],
  ])('%j is refused', (mirrors, message) => {
    expect(wrong(mirrors)).toContain(`config.yaml: ${message}`);
  });

  test.each([
    'https://ada:secret@packages.example/',
    'https://:secret@packages.example/',
    'HTTPS://secret@packages.example/',
    'https://ada:sec/ret@packages.example/',
  ])('%s is refused for its credentials, which the error does not repeat', (toys) => {
    const message = wrong({ packages: { toys } });
    expect(message).toMatch(/mirrors\.packages\.toys: (has credentials in it|is no URL)/);
    expect(message).not.toMatch(/sec/);
  });

  test('whose name no manifest has are refused with those that there are', async () => {
    const repository = await mirrored({ toyz: 'https://packages.example/toys/' });
    await expect(loadRepositoryCatalog(repository)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(
        `${join(repository, 'runtime-kit.config.yaml')}: mirrors.packages.toyz: no runtime.yaml has a mirror of that name; there are: toys`,
      ),
    });
  });
});

/** A repository with the toy language, which says how its tools are told of a mirror. */
function mirrored(packages: Record<string, string>): Promise<string> {
  const mirror = {
    name: 'toys',
    env: { TOYS_URL: '$(MIRROR_URL)all', TOYS_CONFIG: '$(MIRROR_FILES)/toys', KEEP: '$(OTHER)' },
    files: { toys: 'url = $(MIRROR_URL)' },
    build: { TOYS_BUILD_URL: '$(MIRROR_URL)' },
  };
  const config = { apiVersion: 'runtime-kit/v1', prefix: 'test', mirrors: { packages } };
  return toyRepository(
    { 'runtime-kit.config.yaml': stringify(config) },
    toyManifest({ vars: { tool: 'toys' }, mirror }),
  );
}

test("phases and build steps get a mirror by the language's own settings", async () => {
  const catalog = await loadRepositoryCatalog(await mirrored({ toys: 'https://p.example/toys/' }));
  expect(phaseMirrors(catalog)).toEqual({
    env: {
      TOYS_URL: 'https://p.example/toys/all',
      TOYS_CONFIG: '/run/package-mirrors/toys',
      KEEP: '$(OTHER)',
    },
    files: { toys: 'url = https://p.example/toys/' },
    registries: { toy: 'https://p.example/toys/' },
  });
  expect(buildMirrors(catalog)).toEqual({ TOYS_BUILD_URL: 'https://p.example/toys/' });
});

test('they get nothing where no mirror is configured', async () => {
  const catalog = await loadRepositoryCatalog(await mirrored({}));
  expect(phaseMirrors(catalog)).toEqual({ env: {}, files: {}, registries: {} });
  expect(buildMirrors(catalog)).toEqual({});
});
