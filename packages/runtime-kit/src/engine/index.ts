export { readFiles } from './archive.js';
export { BuildStepError } from './buildkit.js';
export { connectEngine, Engine } from './connect.js';
export { packFiles } from './files.js';
export { idleContainer, makeVolumes, type VolumeFiles, type Writer } from './fill.js';
export { PushError, type PushLogin } from './push.js';
export { reasonOf, statusOf } from './status.js';
export type {
  BuildEvent,
  BuildStep,
  ContainerOptions,
  ContainerState,
  ContainerSummary,
  ContainerUsage,
  EngineInfo,
  FileEntry,
  ImageInfo,
  Logs,
} from './types.js';
