import { expect, test } from 'vitest';
import { debianPackages } from '../../src/inventory/debian.js';

const STATUS = `Package: tini
Status: install ok installed
Architecture: amd64
Version: 0.19.0-1+b3
Description: tiny but valid init
 Version: of a description that goes on
 .

Package: removed
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: tzdata
Status: hold ok installed
Architecture: all
Version: 1:2026b-0+deb13u1
`;

test('dpkg’s status file: what is installed, and nothing that was removed', () => {
  expect(debianPackages(STATUS, 'trixie')).toEqual([
    'pkg:deb/debian/tini@0.19.0-1+b3?arch=amd64&distro=trixie',
    'pkg:deb/debian/tzdata@1:2026b-0+deb13u1?arch=all&distro=trixie',
  ]);
});

test('a stanza of its own, as in images without dpkg, has no status', () => {
  const stanza = 'Package: libc6\nSource: glibc\nVersion: 2.41-12\nArchitecture: arm64\n';
  expect(debianPackages(stanza, 'trixie')).toEqual([
    'pkg:deb/debian/libc6@2.41-12?arch=arm64&distro=trixie',
  ]);
});

test('an empty file is no package', () => {
  expect(debianPackages('', 'trixie')).toEqual([]);
});
