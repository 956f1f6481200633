export {
  type Base,
  type BaseOptions,
  type BaseSource,
  ensureBase,
} from './base.js';
export { type BuildFiles, ensureBuildFiles } from './build-files.js';
export { trustedCaFile } from './trusted-ca.js';
