import type { Rule } from '../rule.js';
import { imageRules } from './image.js';
import { logRules } from './logs.js';
import { metricRules } from './metrics.js';
import { parallelRules } from './parallel.js';
import { phaseRules } from './phases.js';
import { processRules } from './process.js';
import { failureRules, timeRules } from './time.js';

/** Every rule of the contract, in its order; docs/runtime-contract.md has the same ids. */
export const rules: Rule[] = [
  ...processRules,
  ...timeRules,
  ...failureRules,
  ...parallelRules,
  ...metricRules,
  ...logRules,
  ...imageRules,
  ...phaseRules,
];
