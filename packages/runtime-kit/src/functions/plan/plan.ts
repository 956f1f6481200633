import type { Entry } from '../../config/entries.js';
import { expandReferences } from '../../conformance/targets/environment.js';
import type { FileEntry } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { Content } from '../content/unpack.js';
import { DEFAULT_PORT } from '../resource/describe.js';
import { checkName } from '../resource/names.js';
import { cpus, memoryBytes } from '../resource/quantity.js';
import { containerOf, type FunctionResource } from '../resource/schema.js';
import { ownVariables, platformVariables } from './environment.js';
import { filesOf } from './files.js';
import type { FunctionPlan, PlannedPhase, PlannedServer } from './types.js';

const USER = '1000';

/**
 * What has to be done for a function, whoever does it.
 *
 * @param content undefined for a resource without a function, whose image serves by itself.
 * @param runtime undefined where the resource names none that is known: its image then runs as it is.
 * @throws RuntimeKitError FUNCTION_INVALID, USAGE
 */
export function planFunction(
  resource: FunctionResource,
  content: Content | undefined,
  runtime: Entry | undefined,
): FunctionPlan {
  const { name, namespace, labels } = resource.metadata;
  checkName(name, 'function name');
  checkName(namespace, 'namespace');
  refuseSecrets(resource);
  const files = filesOf(resource, content, runtime);
  return {
    name,
    namespace,
    labels,
    files,
    phases: phasesOf(resource, files, runtime),
    server: serverOf(resource, content, runtime),
  };
}

function phasesOf(
  resource: FunctionResource,
  files: FileEntry[],
  runtime: Entry | undefined,
): PlannedPhase[] {
  const dependencies = runtime?.info.depName;
  const hasDependencies = files.some(({ path }) => path === dependencies);
  const images = files.length > 0 ? (runtime?.version.images ?? []) : [];
  return images.flatMap(({ phase, image, command = '', env = {} }) => {
    if (phase === 'runtime' || (phase === 'installation' && !hasDependencies)) return [];
    const all = {
      ...ownVariables(resource),
      ...platformVariables(resource, dependencies),
      ...env,
    };
    return [{ phase, image, command, env: expandReferences(all) }];
  });
}

function serverOf(
  resource: FunctionResource,
  content: Content | undefined,
  runtime: Entry | undefined,
): PlannedServer {
  const { spec, metadata } = resource;
  const { image: custom, resources } = containerOf(spec);
  const ours = runtime?.version.images.find(({ phase }) => phase === 'runtime');
  const image = custom || ours?.image;
  if (image === undefined || image === '')
    throw new RuntimeKitError(
      'FUNCTION_INVALID',
      `${metadata.name} has neither runtime nor image`,
      {
        hint: 'give --runtime, or --runtime-image for a server of your own',
      },
    );
  const { memory, cpu } = resources?.limits ?? {};
  const port = portOf(spec);
  const timeout = timeoutOf(spec.timeout);
  const env = {
    ...ownVariables(resource),
    ...platformVariables(resource, runtime?.info.depName),
    FUNC_TIMEOUT: spec.timeout,
    FUNC_MEMORY_LIMIT: memory ?? '0',
    FUNC_PORT: String(port),
    ...ours?.env,
  };
  return {
    image,
    env: expandReferences(env),
    port,
    probe: { path: '/healthz', healthy: content ? 'ok' : 'answer' },
    limits: {
      ...(memory === undefined ? {} : { memoryBytes: memoryBytes(memory) }),
      ...(cpu === undefined ? {} : { cpus: cpus(cpu) }),
    },
    user: USER,
    confined: !custom && ours !== undefined,
    timeout,
  };
}

function portOf({ service }: FunctionResource['spec']): number {
  const [first] = service?.ports ?? [];
  return first?.targetPort ?? first?.port ?? DEFAULT_PORT;
}

function timeoutOf(timeout: string): number {
  const seconds = Number(timeout);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new RuntimeKitError('USAGE', `timeout "${timeout}" is no number of seconds above 0`, {
    hint: 'give --timeout in seconds, such as 180',
  });
}

/** A cluster mounts them; an engine has none that fit. */
function refuseSecrets({ metadata, spec }: FunctionResource): void {
  const volumes = spec.deployment?.spec.template.spec.volumes ?? [];
  if (volumes.length === 0) return;
  const names = volumes.map((volume) => volume.name.replace(/-vol$/, '')).join(', ');
  throw new RuntimeKitError(
    'FUNCTION_INVALID',
    `${metadata.name} mounts ${names}, and an engine has no secrets or other objects of a cluster`,
    {
      hint: 'give the values by --env; --dryrun prints the Function with its secrets for a cluster',
    },
  );
}
