import type { Rule } from '../rule.js';
import { answerRules } from './answer/index.js';
import { eventRules } from './event/index.js';
import { observabilityRules } from './observability/index.js';
import { phaseRules } from './phases/index.js';
import { processRules } from './process/index.js';
import { timeRules } from './time/index.js';

/** Every rule of the contract, in its order; docs/runtime-contract.md has the same ids. */
export const rules: Rule[] = [
  ...processRules,
  ...eventRules,
  ...answerRules,
  ...timeRules,
  ...observabilityRules,
  ...phaseRules,
];
