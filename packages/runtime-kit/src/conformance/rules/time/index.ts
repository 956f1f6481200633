import type { Rule } from '../../rule.js';
import { deadlineRule } from './deadline.js';
import { failureRules } from './failures.js';
import { parallelRules } from './parallel.js';
import { spareRule } from './spares.js';
import { timeoutRules } from './timeouts.js';

/** Chapter 4: time and failure. */
export const timeRules: Rule[] = [
  ...timeoutRules,
  spareRule,
  deadlineRule,
  ...failureRules,
  ...parallelRules,
];
