import { RuntimeKitError } from 'runtime-kit/errors';
import {
  type DeployedFunction,
  type FunctionName,
  readFunction,
  tellingEngineFailures,
  updateFunction,
} from 'runtime-kit/functions';
import { openBench, tellClusterMatters } from './deploying.js';
import type { FunctionFlags } from './function-flags.js';
import { info } from './info.js';
import { describeFlags, planResource } from './prepare.js';

/** Updates a function by flags; returns it as it then is. */
export async function updateWith(
  name: FunctionName,
  flags: FunctionFlags,
  signal: AbortSignal,
): Promise<DeployedFunction> {
  const bench = await openBench(signal);
  const deployed = await tellingEngineFailures(readFunction(bench.engine, name));
  checkPort(deployed, flags);
  const resource = await describeFlags(name, flags, deployed.resource, signal);
  const deployment = await planResource(resource, signal);
  tellClusterMatters(resource);
  info('Redeploying function...');
  return updateFunction(bench, deployed, deployment);
}

/** The front has held the port since the function was deployed. */
function checkPort({ name, url }: DeployedFunction, { servicePort }: FunctionFlags): void {
  if (servicePort === undefined || url.endsWith(`:${servicePort}`)) return;
  throw new RuntimeKitError('USAGE', `${name} answers at ${url}, and an update does not move it`, {
    hint: `leave --servicePort out, or delete the function and deploy it again`,
  });
}
