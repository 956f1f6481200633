import { describe, expect, test } from 'vitest';
import { toRuntime } from '../../src/catalog/index.js';
import { buildNameOf, describeTarget, runtimeFacts } from '../../src/conformance/run/describe.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { toyManifest } from '../support/toy.js';

test.each([
  ['x/name:1.2', 'x/name-build:1.2'],
  ['name', 'name-build'],
  ['localhost:5000/x/name', 'localhost:5000/x/name-build'],
  ['localhost:5000/x/name:tag', 'localhost:5000/x/name-build:tag'],
])('the build image of %s is %s', (reference, build) => {
  expect(buildNameOf(reference)).toBe(build);
});

describe('runtimeFacts', () => {
  const manifest = manifestSchema.parse(
    toyManifest({
      env: { TOY: '{{version}}' },
      phases: { installation: { command: 'toy{{version}}' } },
    }),
  );
  const runtime = toRuntime('/toys', manifest);

  test('fills in the values of the version that the image names', () => {
    const facts = runtimeFacts(runtime, '1.9');
    expect(facts.env).toEqual({ TOY: '1.9' });
    expect(facts.phases.installation?.command).toBe('toy1.9');
    expect(facts.fixtures).toBe('/toys/fixtures');
  });

  test('takes the newest where it names none that is known', () => {
    expect(runtimeFacts(runtime, undefined).env).toEqual({ TOY: '1.10' });
    expect(runtimeFacts(runtime, '7').env).toEqual({ TOY: '1.10' });
  });

  test('an unknown language says which there are', async () => {
    const request = {
      kind: 'command',
      name: 'x',
      command: 'true',
      language: 'tyo',
      workingFolder: '/',
    } as const;
    const around = {
      runtimes: [runtime],
      profile: 'full',
      engine: undefined,
      trustedCaFile: undefined,
    } as const;
    await expect(describeTarget(request, { ...around, runtimes: [runtime] })).rejects.toMatchObject(
      {
        code: 'USAGE',
        hint: 'give --language one of toy',
      },
    );
  });
});
