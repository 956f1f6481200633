export { type CaseResult, type Report, reportSchema } from './report/schema.js';
export { renderTable } from './report/table.js';
export type { Case, Profile, Rule } from './rule.js';
export { rules } from './rules/index.js';
export type { TargetRequest } from './run/describe.js';
export { type Progress, type VerifyOptions, verify } from './run/verify.js';
