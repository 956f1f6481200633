export { checkNames, customRuntimeId } from './check-names.js';
export {
  type CustomRuntime,
  KUBELESS_ID,
  KUBELESS_VERSION,
  PHASES,
  type Phase,
  type Probe,
  probeSchema,
  splitRuntimeId,
} from './cluster.js';
export {
  CONFIG_FILE,
  type Config,
  configSchema,
  findRepository,
  parseConfig,
} from './config.js';
export {
  type Catalog,
  EMBEDDED_CATALOG,
  loadCatalog,
  loadRepositoryCatalog,
} from './load.js';
export {
  buildMirrors,
  MIRROR_FILES,
  type Mirrors,
  type PhaseMirrors,
  phaseMirrors,
} from './mirrors.js';
export {
  type ImageKind,
  imageKinds,
  imageName,
  imageRepository,
  isEndOfLife,
  type Runtime,
  toRuntime,
  type Variant,
} from './runtime.js';
export { isSelector, selectVariants } from './select.js';
