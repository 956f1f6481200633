import type { TestCase } from 'vitest/node';
import type { Rule } from '../rule.js';
import type { RuntimeFacts } from '../targets/target.js';
import type { CaseResult, RuleResult, Status, TargetResult } from './schema.js';

/** Messages carry the server's log behind this, for reporters that show nothing else. */
const LOG_MARK = '\n\nlog of the server:\n';

/** Gathers vitest's results into ours, as they come. */
export class Collector {
  private readonly results = new Map<string, CaseResult[]>();

  add(test: TestCase): void {
    const rule = test.parent.type === 'suite' ? test.parent.name : '';
    const key = keyOf(test.project.name, rule);
    const known = this.results.get(key) ?? [];
    this.results.set(key, [...known, caseResult(test)]);
  }

  /** The rules in the order of the contract; one without any result has failed. */
  rules(target: string, rules: Rule[], runtime: RuntimeFacts | undefined): RuleResult[] {
    return rules.map((rule) => {
      const { id, statement } = rule;
      const inapplicable = runtime && rule.inapplicable?.(runtime);
      if (inapplicable !== undefined)
        return { id, statement, status: 'inapplicable', inapplicable, cases: [] };
      const found = this.results.get(keyOf(target, rule.id)) ?? [];
      const names = rule.cases.map(({ name }) => name);
      const cases = found.length > 0 ? inOrder(found, names) : [neverRan()];
      return withGap({ id, statement, status: statusOf(cases), cases }, runtime?.gaps[id]);
    });
  }
}

export function summaryOf(rules: RuleResult[]): TargetResult['summary'] {
  const count = (status: Status): number => rules.filter((rule) => rule.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    gap: count('gap'),
    inapplicable: count('inapplicable'),
  };
}

export function statusOf(cases: CaseResult[]): CaseResult['status'] {
  if (cases.some(({ status }) => status === 'failed')) return 'failed';
  return cases.some(({ status }) => status === 'passed') ? 'passed' : 'skipped';
}

/** A gap that is closed must leave the manifest, or it would hide the next failure. */
function withGap(result: RuleResult, gap: string | undefined): RuleResult {
  if (gap === undefined) return result;
  if (result.status !== 'passed')
    return { ...result, gap, status: result.status === 'failed' ? 'gap' : result.status };
  const closed: CaseResult = {
    name: 'is no gap any more',
    status: 'failed',
    durationMs: 0,
    message: `the rule holds: take ${result.id} out of conformance.gaps in runtime.yaml`,
  };
  return { ...result, gap, status: 'failed', cases: [...result.cases, closed] };
}

function keyOf(target: string, rule: string): string {
  return `${target}\n${rule}`;
}

function inOrder(cases: CaseResult[], names: string[]): CaseResult[] {
  return [...cases].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

function neverRan(): CaseResult {
  return {
    name: 'runs',
    status: 'failed',
    durationMs: 0,
    message: 'the case never ran to its end',
  };
}

function caseResult(test: TestCase): CaseResult {
  const result = test.result();
  const durationMs = Math.round(test.diagnostic()?.duration ?? 0);
  const { log: kept, late } = test.meta() as { log?: string; late?: string };
  const base = { name: test.name, durationMs, ...(late === undefined ? {} : { late }) };
  if (result.state === 'passed') return { ...base, status: 'passed' };
  if (result.state === 'skipped')
    return { ...base, status: 'skipped', ...(result.note ? { message: result.note } : {}) };
  const parts = (result.errors ?? []).map(({ message }) => message.split(LOG_MARK));
  const message = parts.map(([text]) => text).join('\n');
  const log = kept || parts.flatMap(([, ...logs]) => logs).join('\n');
  return { ...base, status: 'failed', message, ...(log ? { log } : {}) };
}
