import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { RuntimeKitError } from '../../src/errors.js';
import { parseManifest } from '../../src/manifest/load.js';
import { toyManifest } from '../support/toy.js';

function problemsOf(manifest: unknown): string {
  try {
    parseManifest(
      typeof manifest === 'string' ? manifest : stringify(manifest),
      'toy/runtime.yaml',
    );
  } catch (error) {
    if (error instanceof RuntimeKitError && error.code === 'MANIFEST_INVALID') return error.message;
    throw error;
  }
  throw new Error('the manifest was taken');
}

describe('a manifest', () => {
  test('that is right is read with its defaults', () => {
    const manifest = parseManifest(stringify(toyManifest()), 'toy/runtime.yaml');
    expect(manifest.env).toEqual({});
    expect(manifest.versions.map(({ version }) => version)).toEqual(['1.9', '1.10']);
  });

  test('reports unknown keys, wrong types and missing fields all at once, with file and path', () => {
    const { title: _, ...rest } = toyManifest({ colour: 'red', inputs: 'server' });
    const problems = problemsOf({
      ...rest,
      versions: [
        { version: 1.1, suite: 'trixie', released: '2024-02-30', endOfLife: 'soon', eol: 1 },
      ],
    });
    expect(problems).toMatch(/^7 problems in toy\/runtime\.yaml\n/);
    for (const path of [
      'title',
      'colour: unknown key',
      'inputs',
      'versions[0].version',
      'versions[0].released',
      'versions[0].endOfLife',
      'versions[0].eol: unknown key',
    ])
      expect(problems).toContain(`toy/runtime.yaml: ${path}`);
  });

  test('reports contradictions beside what breaks the schema', () => {
    const versions = [
      { version: '1.9', suite: 'trixie', released: '2024-01-01', endOfLife: '2023-01-01' },
      { version: 2, suite: 'trixie', released: '2024-01-01', endOfLife: '2025-01-01' },
    ];
    const capabilities = { data: 'parsed', checks: 'compile' };
    const problems = problemsOf(toyManifest({ colour: 'red', versions, capabilities, phases: {} }));
    expect(problems).toMatch(/^4 problems in toy\/runtime\.yaml\n/);
    for (const path of ['colour', 'versions[0].endOfLife', 'versions[1].version', 'capabilities'])
      expect(problems).toContain(`toy/runtime.yaml: ${path}`);
  });

  test('reports YAML errors with their line', () => {
    expect(problemsOf('language: toy\ntitle: "open\n')).toMatch(/runtime\.yaml: line \d+: /);
  });

  test('reports versions that stand twice', () => {
    const [first] = toyManifest().versions;
    expect(problemsOf(toyManifest({ versions: [first, first] }))).toContain(
      'versions[1].version: 1.9 stands at versions[0] already',
    );
  });

  test('reports an end of life before the release', () => {
    const version = {
      version: '1.9',
      suite: 'trixie',
      released: '2024-01-01',
      endOfLife: '2023-01-01',
    };
    expect(problemsOf(toyManifest({ versions: [version] }))).toContain(
      'versions[0].endOfLife: 2023-01-01 is not after the release, 2024-01-01',
    );
  });

  test.each([
    ['compile', { installation: { command: 'x' } }],
    ['load', { compilation: { command: 'x' } }],
  ])('reports that checks: %s contradicts the phases', (checks, phases) => {
    expect(problemsOf(toyManifest({ phases, capabilities: { data: 'parsed', checks } }))).toContain(
      'capabilities.checks',
    );
  });
});
