import type { Rule } from '../rule.js';
import { answerRules } from './answer/index.js';
import { eventRules } from './event/index.js';
import { imageRules } from './image.js';
import { logRules } from './logs.js';
import { metricRules } from './metrics.js';
import { parallelRules } from './parallel.js';
import { phaseRules } from './phases.js';
import { processRules } from './process/index.js';
import { failureRules, timeRules } from './time.js';

/** Every rule of the contract, in its order; docs/runtime-contract.md has the same ids. */
export const rules: Rule[] = [
  ...processRules,
  ...eventRules,
  ...answerRules,
  ...timeRules,
  ...failureRules,
  ...parallelRules,
  ...metricRules,
  ...logRules,
  ...imageRules,
  ...phaseRules,
];
