import { attributeRules } from './attributes.js';
import { cloudEventRules } from './cloudevents.js';
import { dataRules } from './data.js';
import { functionRules } from './functions.js';

/** Chapter 2: event and context. */
export const eventRules = [...dataRules, ...attributeRules, ...cloudEventRules, ...functionRules];
