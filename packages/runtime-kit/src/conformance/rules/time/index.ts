import type { Rule } from '../../rule.js';
import { failureRules } from './failures.js';
import { parallelRules } from './parallel.js';
import { timeoutRules } from './timeouts.js';

/** Chapter 4: time and failure. */
export const timeRules: Rule[] = [...timeoutRules, ...failureRules, ...parallelRules];
