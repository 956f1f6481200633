import type { Rule } from '../../rule.js';
import { imageRules } from './image.js';
import { logRules } from './logs.js';
import { metricRules } from './metrics.js';

/** Chapter 5: what it says about itself. */
export const observabilityRules: Rule[] = [...metricRules, ...logRules, ...imageRules];
