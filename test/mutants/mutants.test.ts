import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.js';
import { verifyReference } from './verify-reference.js';

const SERVER = fileURLToPath(new URL('./reference/server/', import.meta.url));

/** Longer than a case may take; the table is made in one run. */
const LIMIT_MS = 900_000;

test('every mutation of the reference server is in the table', async () => {
  const files = await readdir(SERVER);
  const texts = await Promise.all(files.map((file) => readFile(join(SERVER, file), 'utf8')));
  const made = [...texts.join('\n').matchAll(/\bbroken\('([a-z0-9-]+)'\)/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(made)].sort()).toEqual(Object.keys(MUTANTS).sort());
});

test('the suite fails every mutant on the rule it breaks', { timeout: LIMIT_MS }, async () => {
  const report = await verifyReference(
    Object.entries(MUTANTS).map(([mutant, only]) => ({ name: mutant, mutant, only })),
  );
  const survivors: string[] = [];
  for (const { name, rules } of report.targets) {
    const failed = rules.filter(({ status }) => status === 'failed').map(({ id }) => id);
    console.log(`${name.padEnd(30)} ${failed.join(', ') || 'SURVIVES'}`);
    if (failed.length < rules.length) survivors.push(name);
  }
  expect(survivors).toEqual([]);
});

test('the reference server keeps the contract', { timeout: LIMIT_MS }, async () => {
  const report = await verifyReference([{ name: 'reference' }]);
  const failed = report.targets[0]?.rules.flatMap(({ id, cases }) =>
    cases
      .filter(({ status }) => status === 'failed')
      .map(({ name, message }) => `${id}: ${name}: ${message}`),
  );
  // A rule without a case fails by itself, for every target.
  expect(failed?.filter((text) => !text.includes(': has a case:'))).toEqual([]);
});
