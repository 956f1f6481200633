import { evidenceSchema } from '../../build/index.js';

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
  return new Map(targets.flatMap(({ rules }) => rules.map(({ id, status }) => [id, status])));
}
