import { expect, test } from 'vitest';
import { ownPackages } from '../../src/inventory/read.js';

test('package URLs, a line each', () => {
  expect(ownPackages('pkg:npm/%40scope/name@1.2.3\npkg:pypi/bottle@0.13.4\n')).toEqual([
    'pkg:npm/%40scope/name@1.2.3',
    'pkg:pypi/bottle@0.13.4',
  ]);
});

test('a line that is none is refused, with the place and the mend', () => {
  expect(() => ownPackages('pkg:pypi/bottle@0.13.4\nbottle 0.13.4\n')).toThrow(
    expect.objectContaining({
      code: 'BUILD_FAILED',
      message: '/usr/share/runtime-kit/packages: no package URL: bottle 0.13.4',
      hint: expect.stringContaining('pkg:TYPE/NAME@VERSION'),
    }),
  );
});
