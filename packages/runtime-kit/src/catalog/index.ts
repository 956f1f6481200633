export {
  CONFIG_FILE,
  type Config,
  configSchema,
  findRepository,
} from './config.js';
export {
  type Catalog,
  EMBEDDED_CATALOG,
  loadCatalog,
  loadRepositoryCatalog,
} from './load.js';
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
