import { expect, test } from 'vitest';
import { toRuntime, type Variant } from '../../src/catalog/index.js';
import { manifestSchema } from '../../src/manifest/schema.js';
import { casesSkipped, objections, omissions } from '../../src/pins/objections.js';
import { toyFacts } from '../conformance/toy-facts.js';
import { type ProofOf, proofOf } from '../support/proof.js';
import { toyManifest } from '../support/toy.js';

const [variant] = toRuntime('/nowhere', manifestSchema.parse(toyManifest())).variants;
const facts = toyFacts({ phases: { installation: { command: 'x', env: {} } } });
const SUBJECT = { runtime: 'R', build: 'B' };

const proof = (changes: Partial<ProofOf> = {}) =>
  proofOf({ runtime: 'toy1.10', imageId: 'R', buildImageId: 'B', suite: 's', facts, ...changes });

const one = (status: 'passed' | 'failed' | 'skipped') => [{ name: 'x', status, durationMs: 1 }];

test('a full report in which everything passed is a proof', () => {
  expect(objections(proof(), SUBJECT)).toEqual([]);
  expect(omissions(proof(), variant as Variant)).toEqual([]);
});

test('a case that could not be asked is counted', () => {
  const part = proof({
    changes: { 'process.port': { cases: [...one('passed'), ...one('skipped')] } },
  });
  expect(objections(part, SUBJECT)).toEqual([]);
  expect([casesSkipped(proof().report), casesSkipped(part.report)]).toEqual([0, 1]);
});

test.each([
  ['of another image', proof({ imageId: 'X' }), 'the report is of the image X'],
  [
    'with its phases in another image',
    proof({ buildImageId: 'X' }),
    'the phases of the report ran in the image X',
  ],
  [
    'without a build image',
    proof({ buildImageId: undefined }),
    'the phases of the report ran in the image (none)',
  ],
  [
    'with a failed rule',
    proof({ changes: { 'process.port': { status: 'failed', cases: one('failed') } } }),
    'failed: process.port',
  ],
  [
    'with a skipped rule',
    proof({ changes: { 'process.port': { status: 'skipped', cases: one('skipped') } } }),
    'skipped: process.port',
  ],
  [
    'with a failed case and a passed rule',
    proof({ changes: { 'process.port': { status: 'passed', cases: one('failed') } } }),
    'the verdict of the report does not follow from its cases',
  ],
])('a report %s is none', (_, evidence, problem) => {
  expect(objections(evidence, SUBJECT)).toEqual([problem]);
});

test('nor is one whose sums were changed, or one of another profile', () => {
  const { report } = proof();
  const [target] = report.targets;
  const summary = { ...target?.summary, passed: 1 };
  const sums = { ...proof(), report: { ...report, targets: [{ ...target, summary }] } };
  const core = { ...proof(), report: { ...report, profile: 'core' } };
  expect(objections(sums as never, SUBJECT)).toEqual([
    'the verdict of the report does not follow from its cases',
  ]);
  expect(objections(core as never, SUBJECT)).toEqual(['the report is of the profile core']);
});

test('rules that were not asked, in whole or in part, are named', () => {
  const evidence = proof({ changes: { 'process.port': { cases: one('passed') } } });
  const [target] = evidence.report.targets;
  if (target) target.rules = target.rules.filter(({ id }) => id !== 'install.deps');
  expect(omissions(evidence, variant as Variant)).toEqual([
    'not asked: process.port, install.deps',
  ]);
});

test('gaps that the manifest does not declare are named', () => {
  const gap = { status: 'gap' as const, gap: 'later' };
  const evidence = proof();
  const rule = evidence.report.targets[0]?.rules.find(({ id }) => id === 'process.port');
  Object.assign(rule ?? {}, gap);
  expect(omissions(evidence, variant as Variant)).toEqual([
    'gaps that the manifest does not declare: process.port',
  ]);
});
