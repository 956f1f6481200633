import { describe, expect, test } from 'vitest';
import { tryReference } from './try-reference.js';

const FLAGS = ['--count', '400', '--seed', '7'];
const LIMIT_MS = 180_000;

/** Mutants by what the fuzz must say of them. */
const FOUND: Record<string, RegExp> = {
  'bad-json-500': /^input \d+: a document .*: status 500 .*, where 400 is right/,
  'huge-headers': /^input \d+: .* of \d+ bytes: status 200 .*, where 4xx or a closed connection/,
};

describe('a fuzz', () => {
  test('of the reference server finds nothing', { timeout: LIMIT_MS }, async () => {
    expect(await tryReference('fuzz', undefined, FLAGS)).toEqual({ code: 0, violations: [] });
  });

  for (const [mutant, pattern] of Object.entries(FOUND))
    test(`finds ${mutant}, and the same again at its index`, { timeout: LIMIT_MS }, async () => {
      const { code, violations } = await tryReference('fuzz', mutant, FLAGS);
      expect(code).toBe(1);
      const found = violations.find((violation) => pattern.test(violation)) ?? '';
      expect(violations).toContain(found);
      const [, index = ''] = /^input (\d+)/.exec(found) ?? [];
      const again = await tryReference('fuzz', mutant, ['--seed', '7', '--only', index]);
      expect(again.violations).toContain(found);
    });
});
