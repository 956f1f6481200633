import { describe, expect, test } from 'vitest';
import { tryReference } from './try-reference.js';

/**
 * Without loops: the reference server lets the time for which a loop holds the thread up count against
 * the calls beside it.
 */
const FLAGS = ['--seed', '7', '--without', 'loop'];
const DURATION = '12s';
/** Of mutants that show later. Both workers have to end for this one: two crashes, each 5 to 9 s after the last. */
const LONGER: Record<string, string> = { 'worker-not-replaced': '20s' };
const LIMIT_MS = 180_000;

/** Mutants by what the soak must say of them. */
const FOUND: Record<string, RegExp> = {
  'bad-json-500': /^bad json: \d+ of \d+ wrong: .*expected status 400/,
  'timeout-late': /^timeouts: half of the 408s came \d+ ms after FUNC_TIMEOUT/,
  'counts-lost-with-worker': /^metrics: function_calls_total GET fell from \d+ to \d+/,
  'bad-requests-counted':
    /^metrics: function_calls_total\{method="POST"\} is \d+, the client counted/,
  'worker-not-replaced': /^the server ended with 0 after/,
};

describe('a soak', () => {
  test('of the reference server finds nothing', { timeout: LIMIT_MS }, async () => {
    expect(await tryReference('soak', undefined, flags(DURATION))).toEqual({
      code: 0,
      violations: [],
    });
  });

  // What it finds, it finds beside others too.
  for (const [mutant, pattern] of Object.entries(FOUND))
    test.concurrent(`finds ${mutant}`, { timeout: LIMIT_MS }, async ({ expect }) => {
      const { code, violations } = await tryReference(
        'soak',
        mutant,
        flags(LONGER[mutant] ?? DURATION),
      );
      expect(code).toBe(1);
      expect(violations).toContainEqual(expect.stringMatching(pattern));
    });
});

function flags(duration: string): string[] {
  return ['--duration', duration, ...FLAGS];
}
