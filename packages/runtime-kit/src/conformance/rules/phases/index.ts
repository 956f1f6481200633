import type { Rule } from '../../rule.js';
import { compilationRules } from './compilation.js';
import { installationRules } from './installation.js';

/** Chapter 6: phases before run time. */
export const phaseRules: Rule[] = [...installationRules, ...compilationRules];
