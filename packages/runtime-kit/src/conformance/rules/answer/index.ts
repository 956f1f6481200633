import { errorRules } from './errors.js';
import { malformedRules } from './malformed.js';
import { requestRules } from './requests.js';
import { valueRules } from './values.js';

/** Chapter 3: answers. */
export const answerRules = [...valueRules, ...requestRules, ...errorRules, ...malformedRules];
