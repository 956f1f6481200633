import { watch } from 'chokidar';
import { report } from 'runtime-kit/cli';
import { connectEngine, type Engine } from 'runtime-kit/engine';
import { RuntimeKitError } from 'runtime-kit/errors';
import {
  type DeployedFunction,
  deleteFunction,
  deployFunction,
  type FunctionName,
  listFunctions,
  tellingEngineFailures,
} from 'runtime-kit/functions';
import { Changes } from './changes.js';
import { openBench, tellDeployed } from './deploying.js';
import type { FunctionFlags } from './function-flags.js';
import { info } from './info.js';
import { describeFlags, planResource } from './prepare.js';
import { updateWith } from './updating.js';

/**
 * Brings a function's file to the engine, and each change of it, until the signal aborts. Errors are told and
 * waited out. A function that was not there before is deleted at the end.
 *
 * @throws RuntimeKitError USAGE, ENGINE_MISSING
 */
export async function develop(
  name: FunctionName,
  flags: FunctionFlags,
  signal: AbortSignal,
): Promise<void> {
  const files = watchedFiles(flags);
  const engine = await connectEngine();
  const wasThere = await isThere(engine, name);
  const changes = new Changes();
  const watcher = watch(files, { ignoreInitial: true }).on('all', () => changes.note());
  signal.addEventListener('abort', () => changes.note());
  try {
    while (!signal.aborted) {
      await bringAndTell(engine, name, flags, signal);
      if (!signal.aborted) await changes.next();
    }
  } finally {
    await watcher.close();
    if (!wasThere && (await isThere(engine, name))) await deleteFunction({ engine }, name);
  }
}

async function bringAndTell(
  engine: Engine,
  name: FunctionName,
  flags: FunctionFlags,
  signal: AbortSignal,
): Promise<void> {
  try {
    const deployed = await bring(engine, name, flags, signal);
    tellDeployed(deployed);
    showLog(engine, deployed, signal);
  } catch (error) {
    if (!signal.aborted) report(error);
  }
}

async function bring(
  engine: Engine,
  name: FunctionName,
  flags: FunctionFlags,
  signal: AbortSignal,
): Promise<DeployedFunction> {
  if (await isThere(engine, name)) return updateWith(name, flags, signal);
  const resource = await describeFlags(name, flags, undefined, signal);
  const deployment = await planResource(resource, signal);
  info('Deploying function...');
  const port = flags.servicePort ?? deployment.port;
  return deployFunction(await openBench(signal), { ...deployment, port });
}

/** Until its container ends, which the next version sees to. */
function showLog(engine: Engine, { server }: DeployedFunction, signal: AbortSignal): void {
  if (server) engine.containers.followLogs(server.id, process, { signal }).catch(() => {});
}

async function isThere(engine: Engine, { name, namespace }: FunctionName): Promise<boolean> {
  const known = await tellingEngineFailures(listFunctions(engine, namespace));
  return known.some((one) => one.name === name);
}

function watchedFiles({ fromFile, dependencies }: FunctionFlags): string[] {
  if (fromFile === undefined || /^https?:/i.test(fromFile))
    throw new RuntimeKitError('USAGE', 'there is no file to watch', {
      hint: 'give one of this machine: --from-file FILE',
    });
  return [fromFile, ...(dependencies === undefined ? [] : [dependencies])];
}
