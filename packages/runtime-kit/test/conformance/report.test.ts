import { describe, expect, test } from 'vitest';
import { type Report, renderTable, reportSchema } from '../../src/conformance/index.js';
import { statusOf, summaryOf } from '../../src/conformance/report/collect.js';
import type { CaseResult, RuleResult } from '../../src/conformance/report/schema.js';

const result = (status: CaseResult['status'], more: Partial<CaseResult> = {}): CaseResult => {
  return { name: `a case that ${status}`, status, durationMs: 1, ...more };
};

const ruleResult = (id: string, cases: CaseResult[]): RuleResult => {
  return { id, statement: `${id} holds`, status: statusOf(cases), cases };
};

const RULES = [
  ruleResult('process.port', [result('passed'), result('skipped')]),
  ruleResult('event.json', [
    result('passed'),
    result('failed', { message: 'expected 1, got 2', log: 'a line of the log' }),
  ]),
  ruleResult('timeout.wait', [result('passed', { late: '408 took 1600 ms' })]),
  ruleResult('image.lean', [result('skipped', { message: 'needs a container' })]),
  { ...ruleResult('compile.go', []), status: 'inapplicable' as const, inapplicable: 'no phase' },
];

const REPORT: Report = {
  schema: 'runtime-kit/report/v1',
  contract: 1,
  profile: 'full',
  started: '2026-01-02T03:04:05.000Z',
  durationMs: 12,
  passed: false,
  targets: [
    { name: 'toy1.9', kind: 'image', imageId: 'sha256:1', summary: summaryOf(RULES), rules: RULES },
  ],
};

test.each<[CaseResult['status'][], CaseResult['status']]>([
  [['passed', 'failed', 'skipped'], 'failed'],
  [['passed', 'skipped'], 'passed'],
  [['skipped'], 'skipped'],
])('cases that are %j make a rule that is %s', (states, status) => {
  expect(statusOf(states.map((state) => result(state)))).toBe(status);
});

test('the summary counts rules, not cases', () => {
  expect(REPORT.targets[0]?.summary).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
    gap: 0,
    inapplicable: 1,
  });
});

describe('the JSON report', () => {
  test('is what its schema says', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(REPORT)))).toEqual(REPORT);
  });

  test('refuses keys that nobody knows', () => {
    expect(reportSchema.safeParse({ ...REPORT, more: 1 }).success).toBe(false);
  });
});

test('the table shows each rule, then what failed with its log', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const text = renderTable(REPORT).replaceAll(/\x1b\[\d+m/g, '');
  expect(text).toMatch(/process\.port .*pass 1\/2/);
  expect(text).toMatch(/event\.json .*FAIL 1\/2/);
  expect(text).toContain(
    'late toy1.9 timeout.wait: a case that passed: 408 took 1600 ms; in time when measured alone',
  );
  expect(text).toMatch(/image\.lean .*skip 0\/1/);
  expect(text).toContain('FAIL toy1.9 event.json: a case that failed\n  expected 1, got 2');
  expect(text).toContain('log of the server:\n  a line of the log');
  expect(text).toMatch(/compile\.go .*n\/a/);
  expect(text).toContain('toy1.9: 2 rules passed, 1 failed, 1 skipped, 1 not applicable');
});
