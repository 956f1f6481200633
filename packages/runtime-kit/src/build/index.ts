export type { BuildEvent, BuildListener } from './events.js';
export {
  type Evidence,
  evidenceFile,
  evidenceSchema,
  readEvidence,
  suiteHash,
  writeEvidence,
} from './evidence.js';
export {
  type BuildResult,
  type BuildSettings,
  executeBuilds,
  refuseEndOfLife,
} from './execute.js';
export { type PlannedBuild, planBuilds } from './plan.js';
export { type BuildRecord, readRecord, recordFile, recordSchema, writeWhole } from './record.js';
export { isProved, statusOf, type VariantStatus } from './status.js';
