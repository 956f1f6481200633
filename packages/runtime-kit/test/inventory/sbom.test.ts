import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { renderSbom } from '../../src/inventory/sbom.js';

const SUBJECT = {
  name: 'example/toy',
  version: '1.9',
  id: `sha256:${'ab'.repeat(32)}`,
  packages: [
    'pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=trixie',
    'pkg:npm/%40scope/name@1.2.3',
    'pkg:pypi/bottle@0.13.4',
  ],
  builtAt: '2026-01-02T03:04:05.678Z',
};

test('is CycloneDX by its own schema', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(renderSbom(SUBJECT))).toBeNull();
});

test('names the image, its digest and every package', () => {
  const bom = JSON.parse(renderSbom(SUBJECT));
  expect(bom.metadata).toMatchObject({
    timestamp: SUBJECT.builtAt,
    component: {
      type: 'container',
      name: 'example/toy',
      version: '1.9',
      hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
    },
  });
  expect(bom.components.map(({ purl }: { purl: string }) => purl)).toEqual(SUBJECT.packages);
  expect(bom.components[1]).toMatchObject({ group: '@scope', name: 'name', version: '1.2.3' });
});

test('is equal to the letter for equal subjects', () => {
  expect(renderSbom(SUBJECT)).toBe(renderSbom({ ...SUBJECT }));
});
