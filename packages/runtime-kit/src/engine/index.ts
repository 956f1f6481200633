export { readFiles } from './archive.js';
export { BuildStepError } from './buildkit.js';
export { connectEngine, Engine } from './connect.js';
export { packFiles } from './files.js';
export { PushError, type PushLogin } from './push.js';
export { reasonOf, statusOf } from './status.js';
export type {
  BuildEvent,
  BuildStep,
  ContainerOptions,
  ContainerState,
  ContainerUsage,
  EngineInfo,
  FileEntry,
  ImageInfo,
  Logs,
} from './types.js';
