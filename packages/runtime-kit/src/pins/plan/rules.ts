import { evidenceSchema } from '../../build/index.js';
import type { RuleResult } from '../../conformance/index.js';

/** A rule that holds, with cases that could not be asked. */
export const PASSED_IN_PART = 'passed in part';

export interface RuleChange {
  id: string;
  /** null where the report does not know the rule. */
  old: string | null;
  new: string | null;
}

/** Which rules two reports judge differently; none where one of the two images has no report. */
export function ruleChanges(before: string | undefined, now: string | undefined): RuleChange[] {
  if (before === undefined || now === undefined) return [];
  const old = statusesOf(before);
  const current = statusesOf(now);
  return [...new Set([...old.keys(), ...current.keys()])]
    .map((id) => ({ id, old: old.get(id) ?? null, new: current.get(id) ?? null }))
    .filter((change) => change.old !== change.new);
}

function statusesOf(report: string): Map<string, string> {
  const { targets } = evidenceSchema.parse(JSON.parse(report)).report;
  return new Map(targets.flatMap(({ rules }) => rules.map((rule) => [rule.id, statusOf(rule)])));
}

function statusOf({ status, cases }: RuleResult): string {
  const isPartial = status === 'passed' && cases.some((one) => one.status === 'skipped');
  return isPartial ? PASSED_IN_PART : status;
}
