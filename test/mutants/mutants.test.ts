import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import type { Report } from '../../packages/runtime-kit/src/conformance/index.js';
import { rules } from '../../packages/runtime-kit/src/conformance/rules/index.js';
import { asked, LIMIT_MS } from './asked.js';
import { IMAGE_MUTANTS, isTold } from './image-mutants.js';
import { MUTANTS, TIED } from './mutants.js';
import { failuresOf, judge, render } from './table.js';
import { processOf, REFERENCE, type ReferenceTarget, verifyTargets } from './verify-reference.js';

/** More than processors: a case that waits leaves them to others. */
const WORKERS = 2 * availableParallelism();

const ids = rules.map(({ id }) => id);
const mutants = Object.values(MUTANTS).flat();

test('every rule has a mutant that breaks it', () => {
  const broken = [...Object.keys(MUTANTS), ...Object.keys(IMAGE_MUTANTS)];
  expect(broken.filter((id) => !ids.includes(id))).toEqual([]);
  expect(ids.filter((id) => !broken.includes(id))).toEqual([]);
});

test('every mutation is in a table, and everything in a table is one', async () => {
  const told = Object.values(IMAGE_MUTANTS).flat().filter(isTold);
  const listed = [...mutants, ...told.map(({ name }) => name)];
  expect([...(await mutations())].sort()).toEqual([...listed].sort());
  expect(Object.keys(TIED).filter((name) => !listed.includes(name) && !isOfImage(name))).toEqual(
    [],
  );
});

test('the reference server keeps the contract', { timeout: LIMIT_MS }, async ({ signal }) => {
  const options = { signal, remeasures: true };
  const { targets } = await verifyTargets([processOf({ name: 'reference' })], options);
  expect(failuresOf(targets)).toEqual([]);
});

test('the suite fails every mutant on the rules that it breaks, and on no other', {
  timeout: LIMIT_MS,
}, async ({ signal }) => {
  const targets = mutants.map((mutant) => processOf({ name: mutant, mutant, ...asked(mutant) }));
  const table = judge(await verifyApart(targets, signal), mutants);
  console.log(render(table));
  expect(table.wrong).toEqual([]);
  expect(table.missing).toEqual([]);
});

/** What the files of the reference server and of its phases ask `broken` for. */
async function mutations(): Promise<Set<string | undefined>> {
  const files = await glob(['server/*.js', 'phases/*'], { cwd: REFERENCE, absolute: true });
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const asked = texts.join('\n').matchAll(/\bbroken(?:\(\s*'| )([a-z0-9]+(?:-[a-z0-9]+)+)/g);
  return new Set([...asked].map(([, name]) => name));
}

/**
 * A case that is late is asked again alone, which stops all others. So mutants with cases that measure time run
 * among fewer, and are taken at their first word: most of them are late because they are broken.
 */
async function verifyApart(targets: ReferenceTarget[], signal: AbortSignal): Promise<Report> {
  const sociable = targets.filter(isSociable);
  const groups = [
    { targets: sociable, workers: WORKERS, remeasures: true },
    {
      targets: targets.filter((target) => !sociable.includes(target)),
      workers: availableParallelism(),
      remeasures: false,
    },
  ].filter((group) => group.targets.length > 0);
  const reports: Report[] = [];
  for (const { targets, ...options } of groups)
    reports.push(await verifyTargets(targets, { signal, ...options }));
  return { ...(reports[0] as Report), targets: reports.flatMap(({ targets }) => targets) };
}

/** Whether nothing that it is asked is measured. */
function isSociable({ only }: ReferenceTarget): boolean {
  return !rules.some(
    ({ id, cases }) => (only?.includes(id) ?? true) && cases.some(({ lane }) => lane !== undefined),
  );
}

function isOfImage(mutant: string): boolean {
  return Object.values(IMAGE_MUTANTS).some((ofRule) => ofRule.some(({ name }) => name === mutant));
}
