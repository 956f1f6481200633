import type { Evidence } from '../build/index.js';
import type { Variant } from '../catalog/index.js';
import {
  applicableRules,
  type Report,
  type RuleResult,
  rules,
  runtimeFacts,
  type Status,
  statusOf,
  summaryOf,
} from '../conformance/index.js';

/** Ids of the images that a report must speak of. */
export interface Subject {
  runtime: string;
  build: string | undefined;
}

/** Why a report is no proof of these images, as far as it says itself; empty where it is one. */
export function objections({ imageId, report }: Evidence, subject: Subject): string[] {
  const [target, ...others] = report.targets;
  if (!target || others.length > 0) return ['the report is not of one image'];
  const { buildImageId } = target;
  const found: string[] = [];
  if (imageId !== subject.runtime || target.imageId !== subject.runtime)
    found.push(`the report is of the image ${imageId}`);
  if (subject.build !== undefined && buildImageId !== subject.build)
    found.push(`the phases of the report ran in the image ${buildImageId ?? '(none)'}`);
  if (report.profile !== 'full') found.push(`the report is of the profile ${report.profile}`);
  if (!isConsistent(report)) found.push('the verdict of the report does not follow from its cases');
  return [...found, ...unproved(target.rules)];
}

function unproved(found: RuleResult[]): string[] {
  const named = (status: Status) =>
    found.filter((rule) => rule.status === status).map(({ id }) => id);
  return [...sentence('failed', named('failed')), ...sentence('skipped', named('skipped'))];
}

function sentence(what: string, ids: string[]): string[] {
  return ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];
}

/** Whether each sum of the report is what its parts come to. */
export function isConsistent({ passed, targets }: Report): boolean {
  return targets.every(({ summary, rules: found }) => {
    const counted = summaryOf(found);
    return (
      found.every(isJudgedByCases) &&
      Object.entries(counted).every(([name, n]) => summary[name as keyof typeof summary] === n) &&
      passed === (counted.failed === 0)
    );
  });
}

function isJudgedByCases({ status, cases, gap, inapplicable }: RuleResult): boolean {
  if (inapplicable !== undefined) return status === 'inapplicable' && cases.length === 0;
  const counted = statusOf(cases);
  return status === counted || (status === 'gap' && gap !== undefined && counted === 'failed');
}

/** Cases that could not be asked of this image, of rules that the others proved. */
export function casesSkipped({ targets }: Report): number {
  const cases = targets.flatMap((target) => target.rules.flatMap((rule) => rule.cases));
  return cases.filter(({ status }) => status === 'skipped').length;
}

/** What a report does not answer of what the suite of now asks of a variant. */
export function omissions({ report }: Evidence, { runtime, version }: Variant): string[] {
  const facts = runtimeFacts(runtime, version.version);
  const found = new Map(report.targets[0]?.rules.map((rule) => [rule.id, rule]));
  const asked = applicableRules(rules, facts);
  const missing = asked.filter(({ id, cases }) => {
    const names = found.get(id)?.cases.map(({ name }) => name) ?? [];
    return cases.some(({ name }) => !names.includes(name));
  });
  const undeclared = [...found.values()].filter(
    ({ id, status }) => status === 'gap' && facts.gaps[id] === undefined,
  );
  return [
    ...sentence(
      'not asked',
      missing.map(({ id }) => id),
    ),
    ...sentence(
      'gaps that the manifest does not declare',
      undeclared.map(({ id }) => id),
    ),
  ];
}
