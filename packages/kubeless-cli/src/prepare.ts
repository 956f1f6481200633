import { type Catalog, loadCatalog } from 'runtime-kit/catalog';
import { RuntimeKitError } from 'runtime-kit/errors';
import {
  containerOf,
  type Deployment,
  describeFunction,
  type FunctionName,
  type FunctionResource,
  findRuntime,
  planFunction,
  readDependencies,
  readSource,
  unknownRuntime,
  unpackContent,
} from 'runtime-kit/functions';
import { type FunctionFlags, wishesOf } from './function-flags.js';

/**
 * The Function that flags describe, on top of the one that is there; files and URLs are read.
 *
 * @throws RuntimeKitError USAGE, UNKNOWN_RUNTIME, FUNCTION_INVALID, DOWNLOAD_FAILED
 */
export async function describeFlags(
  name: FunctionName,
  flags: FunctionFlags,
  previous?: FunctionResource,
  signal?: AbortSignal,
): Promise<FunctionResource> {
  const wishes = wishesOf(flags);
  // Before any file is read: a wrong flag is told first.
  const resource = describeFunction(name, wishes, previous);
  await checkRuntime(resource);
  const { fromFile, dependencies } = flags;
  const [source, deps] = await Promise.all([
    fromFile === undefined ? undefined : readSource(fromFile, signal),
    dependencies === undefined ? undefined : readDependencies(dependencies, signal),
  ]);
  return describeFunction(name, { ...wishes, source, deps }, previous);
}

/** What is to be done for a Function. @throws RuntimeKitError like describeFlags */
export async function planResource(
  resource: FunctionResource,
  signal?: AbortSignal,
): Promise<Deployment> {
  const catalog = await checkRuntime(resource);
  const { spec } = resource;
  const runtime = findRuntime(catalog, spec.runtime);
  if (runtime && spec['function-content-type'] === '' && spec.function === '')
    throw new RuntimeKitError('USAGE', `${resource.metadata.name} has no function`, {
      hint: 'give its file: --from-file FILE',
    });
  const isEmpty = spec.function === '';
  const content = isEmpty ? undefined : await unpackContent(spec, signal);
  const plan = planFunction(resource, content, runtime);
  return { plan, resource, port: machinePort(resource) };
}

/** A service's port that is not the container's own is one of this machine. */
function machinePort({ spec }: FunctionResource): number | undefined {
  const [first] = spec.service?.ports ?? [];
  if (!first || first.port === (first.targetPort ?? first.port)) return undefined;
  return first.port;
}

async function checkRuntime({ spec }: FunctionResource): Promise<Catalog> {
  const { runtime, handler } = spec;
  const { image = '' } = containerOf(spec);
  const catalog = await loadCatalog();
  if (runtime === '' && image === '')
    throw new RuntimeKitError(
      'USAGE',
      'Either `--runtime` or `--runtime-image` flag must be specified.',
      { hint: '`kubeless get-server-config` lists the runtimes' },
    );
  if (runtime !== '' && image === '' && !findRuntime(catalog, runtime))
    throw unknownRuntime(catalog, runtime);
  if (runtime !== '' && handler === '')
    throw new RuntimeKitError('USAGE', 'You must specify handler for the runtime.', {
      hint: 'give the file without its suffix, a dot, and the function in it: --handler hello.greet',
    });
  return catalog;
}
