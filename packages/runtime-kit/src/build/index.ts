export type { BuildEvent, BuildListener } from './events.js';
export { type Evidence, readEvidence, writeEvidence } from './evidence.js';
export {
  type BuildResult,
  type BuildSettings,
  executeBuilds,
  refuseEndOfLife,
} from './execute.js';
export { type PlannedBuild, planBuilds } from './plan.js';
export { type BuildRecord, readRecord, recordSchema } from './record.js';
export { isProved, statusOf, type VariantStatus } from './status.js';
