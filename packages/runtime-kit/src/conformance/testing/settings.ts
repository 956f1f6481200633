import type { StartOptions } from '../targets/target.js';

/**
 * Servers for what a setting does to single requests. Each has several settings that have nothing to do with
 * each other: every server that is started less makes a run shorter.
 */
export const ONE_ORIGIN = 'https://only.example';

export const RESTRICTED: StartOptions = { env: { CORS_ORIGIN: ONE_ORIGIN, REQ_MB_LIMIT: '2' } };

export const WITHOUT_CORS: StartOptions = {
  env: { CORS_ORIGIN: 'off', REQ_MULTIPART_MB_LIMIT: '2', LOG_FORMAT: 'combined' },
};
