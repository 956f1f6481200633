import type { StartOptions } from '../targets/target.js';

export const ONE_ORIGIN = 'https://only.example';

/*
 * Servers for what settings do to single requests. Those of one server have nothing to do with each other: with
 * fewer servers a run is shorter.
 */
export const RESTRICTED: StartOptions = { env: { CORS_ORIGIN: ONE_ORIGIN, REQ_MB_LIMIT: '2' } };

export const WITHOUT_CORS: StartOptions = {
  env: { CORS_ORIGIN: 'off', REQ_MULTIPART_MB_LIMIT: '2', LOG_FORMAT: 'combined' },
};
