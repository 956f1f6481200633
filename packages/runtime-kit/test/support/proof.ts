import type { Evidence } from '../../src/build/index.js';
import {
  applicableRules,
  type Report,
  type RuleResult,
  rules,
  summaryOf,
} from '../../src/conformance/index.js';
import type { RuntimeFacts } from '../../src/conformance/targets/target.js';

export interface ProofOf {
  runtime: string;
  imageId: string;
  buildImageId?: string | undefined;
  suite: string;
  facts: RuntimeFacts;
  /** What a rule is found to be, where it does not hold. */
  changes?: Record<string, Partial<RuleResult>>;
}

/** The evidence of a verification in which every rule held. */
export function proofOf({
  runtime,
  imageId,
  buildImageId,
  suite,
  facts,
  changes = {},
}: ProofOf): Evidence {
  const asked = new Map(applicableRules(rules, facts).map((rule) => [rule.id, rule]));
  const found = rules.map(({ id, statement, inapplicable }): RuleResult => {
    const cases = (asked.get(id)?.cases ?? []).map(({ name }) => ({
      name,
      status: 'passed' as const,
      durationMs: 1,
    }));
    const reason = inapplicable?.(facts);
    if (reason !== undefined)
      return { id, statement, status: 'inapplicable', inapplicable: reason, cases: [] };
    return { id, statement, status: 'passed', cases, ...changes[id] };
  });
  const summary = summaryOf(found);
  const report: Report = {
    schema: 'runtime-kit/report/v1',
    contract: 1,
    profile: 'full',
    started: '2026-01-02T03:04:05.678Z',
    durationMs: 1,
    passed: summary.failed === 0,
    targets: [
      {
        name: runtime,
        kind: 'image',
        language: facts.language,
        imageId,
        ...(buildImageId === undefined ? {} : { buildImageId }),
        summary,
        rules: found,
      },
    ],
  };
  return { runtime, imageId, suite, report };
}
