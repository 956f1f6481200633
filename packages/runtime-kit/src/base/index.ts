export {
  type Base,
  type BaseOptions,
  type BaseSource,
  ensureBase,
} from './base.js';
export { ensureTrustedCa, NO_CA, trustedCaFile } from './trusted-ca.js';
