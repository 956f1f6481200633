export { statusOf, summaryOf } from './report/collect.js';
export {
  type CaseResult,
  type Report,
  type RuleResult,
  reportSchema,
  type Status,
} from './report/schema.js';
export { renderTable } from './report/table.js';
export type { Case, Profile, Rule } from './rule.js';
export { rules } from './rules/index.js';
export { runtimeFacts, type TargetRequest } from './run/describe.js';
export { applicableRules } from './run/select.js';
export { type Progress, type VerifyOptions, verify } from './run/verify.js';
