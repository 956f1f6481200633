export type { BuildEvent, BuildListener } from './events.js';
export {
  type BuildResult,
  type BuildSettings,
  executeBuilds,
  refuseEndOfLife,
} from './execute.js';
export { type PlannedBuild, planBuilds } from './plan.js';
export { type BuildRecord, readRecord, recordSchema, writeWhole } from './record.js';
