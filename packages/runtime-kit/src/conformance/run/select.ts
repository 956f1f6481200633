import { closest } from 'fastest-levenshtein';
import { RuntimeKitError } from '../../errors.js';
import { type Case, LANES, type Profile, type Rule } from '../rule.js';
import type { RuntimeFacts } from '../targets/target.js';

/**
 * The rules of a profile, or those that are named.
 *
 * @throws RuntimeKitError UNKNOWN_RULE with the nearest id.
 */
export function selectRules(rules: Rule[], profile: Profile, only: string[]): Rule[] {
  for (const id of only) requireRule(rules, id);
  if (only.length > 0) return rules.filter(({ id }) => only.includes(id));
  return profile === 'full' ? rules : rules.filter((rule) => rule.profile === 'core');
}

function requireRule(rules: Rule[], id: string): void {
  const ids = rules.map((rule) => rule.id);
  if (ids.includes(id)) return;
  throw new RuntimeKitError('UNKNOWN_RULE', `the contract has no rule "${id}"`, {
    hint: `did you mean ${closest(id, ids)}?`,
  });
}

/** Without the rules, and the cases of rules, that ask nothing of the language. */
export function applicableRules(rules: Rule[], runtime: RuntimeFacts | undefined): Rule[] {
  if (!runtime) return rules;
  const applies = ({ inapplicable }: Rule | Case): boolean => inapplicable?.(runtime) === undefined;
  return rules
    .filter(applies)
    .map((rule) => ({ ...rule, cases: rule.cases.filter((one) => applies(one)) }));
}

/** Why a target cannot be asked a case; undefined where it can. */
export function reasonToSkip(
  one: Case,
  target: { isContainer: boolean; hasFunctions: boolean },
): string | undefined {
  if (one.needs?.includes('container') && !target.isContainer) return 'needs a container';
  if (one.needs?.includes('functions') && !target.hasFunctions) return 'calls functions';
  return undefined;
}

/** Cases of a rule that run at the same time. */
export interface Share {
  rule: Rule;
  cases: Case[];
}

/** What runs beside each other in this order, and behind it the lanes that have cases. */
export interface Order {
  together: Share[];
  lanes: Share[][];
}

/** Seconds until a case counts as hung that does not say it. */
export const DEFAULT_LIMIT_S = 30;

/** Every case of the rules once; one that may take long is begun first, or all would wait for it at the end. */
export function orderCases(rules: Rule[]): Order {
  const isLong = ({ limit = DEFAULT_LIMIT_S }: Case): boolean => limit > DEFAULT_LIMIT_S;
  return {
    together: [
      ...sharesOf(rules, (one) => one.lane === undefined && isLong(one)),
      ...sharesOf(rules, (one) => one.lane === undefined && !isLong(one)),
    ],
    lanes: LANES.map((lane) => sharesOf(rules, (one) => one.lane === lane)).filter(
      (shares) => shares.length > 0,
    ),
  };
}

function sharesOf(rules: Rule[], isWanted: (one: Case) => boolean): Share[] {
  return rules
    .map((rule) => ({ rule, cases: rule.cases.filter(isWanted) }))
    .filter(({ cases }) => cases.length > 0);
}
