export * from './build/index.js';
export * from './catalog/index.js';
export * from './config/index.js';
export { connectEngine, Engine } from './engine/index.js';
export { ERROR_CODES, type ErrorCode, RuntimeKitError } from './errors.js';
export * from './generate/index.js';
export { parseManifest } from './manifest/load.js';
export { type Manifest, manifestSchema } from './manifest/schema.js';
export * from './pins/index.js';
