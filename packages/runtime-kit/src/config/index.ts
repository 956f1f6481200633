export { doubtOf, type Pinned, readPinned } from '../pins/index.js';
export { addRuntime, type NewRuntime } from './add-runtime.js';
export {
  applyStep,
  type ConfigStep,
  isStill,
  readLive,
  rollbackStep,
  takeStep,
} from './apply.js';
export { withRuntimeImages } from './carry-over.js';
export { type CheckOptions, checkConfig } from './check/index.js';
export { type ConfigChange, diffRuntimeImages } from './diff.js';
export { type ConfigFile, parseConfigFile, readConfigFile } from './document.js';
export type { Check, Finding } from './finding.js';
export { type ConfigMapName, configMapName, FORMATS, type Format, formatted } from './formats.js';
export { readHistory, type Version } from './history.js';
export { readRuntimeImages } from './read.js';
export { renderRuntimeImages } from './render.js';
export { type SupportedRuntime, serverConfigMessages, supportedRuntimes } from './server-config.js';
export { CLUSTER, imagesOf, imagesOfFile, PINS, type Sources } from './source.js';
export { type RuntimeImages, runtimeImagesSchema, runtimeImagesText } from './structure.js';
