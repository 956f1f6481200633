export { RegistryClient, type RegistryManifest } from './client.js';
export { type Credentials, credentialsFor } from './credentials.js';
export { failureOfPush } from './failure.js';
export { type BlobDescriptor, isImage, type ManifestFacts, manifestFacts } from './manifest.js';
export { imageAt, type RegistryPlace, registryPlace } from './place.js';
export { type RetryOptions, retrying } from './retry.js';
