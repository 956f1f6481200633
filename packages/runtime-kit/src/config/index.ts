export { withRuntimeImages } from './carry-over.js';
export { type CheckOptions, checkConfig } from './check/index.js';
export { type ConfigFile, parseConfigFile, readConfigFile } from './document.js';
export type { Check, Finding } from './finding.js';
export { type ConfigMapName, configMapName, FORMATS, type Format, formatted } from './formats.js';
export { doubtOf, type Pinned, readPinned } from './pinned.js';
export { readRuntimeImages } from './read.js';
export { renderRuntimeImages } from './render.js';
export { type RuntimeImages, runtimeImagesSchema, runtimeImagesText } from './structure.js';
