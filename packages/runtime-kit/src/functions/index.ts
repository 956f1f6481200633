export { serverConfigMessages } from '../config/server-config.js';
export { readDependencies, readSource } from './content/source.js';
export { unpackContent } from './content/unpack.js';
export { callFunction } from './docker/call.js';
export {
  type Deployment,
  deleteFunction,
  deployFunction,
  updateFunction,
} from './docker/deploy.js';
export { tellingEngineFailures } from './docker/failure.js';
export { type FrontImage, frontImageOf } from './docker/front-image.js';
export type { FunctionName } from './docker/labels.js';
export { type DeployedFunction, findFunction, listFunctions, readFunction } from './docker/list.js';
export { type MethodMetrics, metricsOf } from './docker/metrics.js';
export { isReady } from './docker/ready.js';
export { openWorkbench, type Workbench } from './docker/workbench.js';
export { planFunction } from './plan/plan.js';
export type { FunctionPlan, PlannedPhase, PlannedServer } from './plan/types.js';
export { describeFunction, type FunctionWishes, type PullPolicy } from './resource/describe.js';
export { functionText, parseFunction } from './resource/parse.js';
export { containerOf, type FunctionResource, functionSchema } from './resource/schema.js';
export { findRuntime, offeredRuntimes, unknownRuntime } from './runtimes.js';
