import type { Rule } from '../../rule.js';
import { accessLogRule } from './access-log.js';
import { countRules } from './counts.js';
import { imageRules } from './image.js';
import { jsonLogRule } from './json-log.js';
import { namesRule, pageRules } from './metrics.js';
import { outputRule } from './output.js';

/** Chapter 5: what it says about itself. */
export const observabilityRules: Rule[] = [
  namesRule,
  ...countRules,
  ...pageRules,
  accessLogRule,
  jsonLogRule,
  outputRule,
  ...imageRules,
];
