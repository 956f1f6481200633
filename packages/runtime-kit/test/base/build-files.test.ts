import { expect, test } from 'vitest';
import { mirrorFiles } from '../../src/base/build-files.js';
import { type Catalog, configSchema, toRuntime } from '../../src/catalog/index.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { toyManifest } from '../support/toy.js';

const DEBIAN = {
  debian: 'https://packages.example/debian',
  debianSecurity: 'https://packages.example/security',
};
const TOYS = { toys: "https://packages.example/it's" };

function catalogWith(mirrors: object): Catalog {
  const mirror = { name: 'toys', build: { TOYS_URL: '$(MIRROR_URL)' } };
  const manifest = manifestSchema.parse(toyManifest({ mirror }));
  const config = configSchema.parse({ apiVersion: 'runtime-kit/v1', mirrors });
  return { repository: '/toys', config, runtimes: [toRuntime('/toys/toy', manifest)] };
}

const filesOf = (mirrors: object, hasCa = true) =>
  Object.fromEntries(
    mirrorFiles(catalogWith(mirrors), 'trixie', hasCa).map(({ path, content }) => [path, content]),
  );

test('without mirrors, nothing is mounted but the CA', () => {
  expect(filesOf({})).toEqual({});
});

test('a registry of packages is a variable for the shell', () => {
  expect(filesOf({ packages: TOYS })).toEqual({
    mirrors: `export TOYS_URL='https://packages.example/it'\\''s'\n`,
  });
});

test('apt takes all of a release from the mirrors, signed by Debian, and nothing from elsewhere', () => {
  expect(filesOf(DEBIAN)).toMatchInlineSnapshot(`
    {
      "apt.conf": "Dir::Etc::SourceList "/run/trusted-ca/sources.list";
    Dir::Etc::SourceParts "/dev/null";
    Acquire::https::CAInfo "/run/trusted-ca/ca.crt";
    ",
      "mirrors": "export APT_CONFIG='/run/trusted-ca/apt.conf'
    ",
      "sources.list": "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://packages.example/debian trixie main
    deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://packages.example/debian trixie-updates main
    deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://packages.example/security trixie-security main
    ",
    }
  `);
  expect(filesOf(DEBIAN, false)['apt.conf']).not.toContain('ca.crt');
});
