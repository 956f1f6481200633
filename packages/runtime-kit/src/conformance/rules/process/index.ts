import { configurationRules } from './configuration.js';
import { confinementRules } from './confinement.js';
import { signalRules } from './signals.js';
import { startRules } from './start.js';

/** Chapter 1: process. */
export const processRules = [
  ...startRules,
  ...confinementRules,
  ...signalRules,
  ...configurationRules,
];
