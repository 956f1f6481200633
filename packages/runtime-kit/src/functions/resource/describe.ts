import { checkName, splitHandler } from './names.js';
import { cpus, memoryBytes } from './quantity.js';
import { checkSchedule } from './schedule.js';
import {
  containerOf,
  type FunctionContainer,
  type FunctionResource,
  type FunctionSpec,
} from './schema.js';

/** What `function deploy` and `function update` are given, files already read. */
export interface FunctionWishes {
  handler?: string | undefined;
  runtime?: string | undefined;
  source?: FunctionSource | undefined;
  /** Text of the dependency file. */
  deps?: string | undefined;
  /** Seconds. */
  timeout?: string | undefined;
  env?: Record<string, string> | undefined;
  labels?: Record<string, string> | undefined;
  memory?: string | undefined;
  cpu?: string | undefined;
  port?: number | undefined;
  servicePort?: number | undefined;
  headless?: boolean | undefined;
  runtimeImage?: string | undefined;
  imagePullPolicy?: PullPolicy | undefined;
  secrets?: string[] | undefined;
  schedule?: string | undefined;
}

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** A function's content as a resource holds it. */
export type FunctionSource = Pick<FunctionSpec, 'function' | 'function-content-type' | 'checksum'>;

export const DEFAULT_PORT = 8080;

/**
 * The Function that Kubeless's own command line would send. What is not wished for stays as `previous`
 * has it.
 *
 * @throws RuntimeKitError USAGE where a value means nothing
 */
export function describeFunction(
  { name, namespace }: { name: string; namespace: string },
  wishes: FunctionWishes,
  previous?: FunctionResource,
): FunctionResource {
  checkName(name, 'function name');
  checkName(namespace, 'namespace');
  checkWishes(wishes);
  const labels = {
    'created-by': 'kubeless',
    function: name,
    ...previous?.metadata.labels,
    ...wishes.labels,
  };
  const { deps, handler, runtime, timeout, schedule, source } = wishes;
  const before = previous?.spec;
  const kept = schedule ?? before?.schedule;
  return {
    apiVersion: 'kubeless.io/v1beta1',
    kind: 'Function',
    metadata: { ...previous?.metadata, name, namespace, labels },
    spec: {
      ...before,
      handler: handler ?? before?.handler ?? '',
      runtime: runtime ?? before?.runtime ?? '',
      timeout: timeout ?? before?.timeout ?? '180',
      deps: deps ?? before?.deps ?? '',
      function: source?.function ?? before?.function ?? '',
      'function-content-type':
        source?.['function-content-type'] ?? before?.['function-content-type'] ?? '',
      checksum: source?.checksum ?? before?.checksum ?? '',
      ...(kept === undefined ? {} : { schedule: kept }),
      service: serviceOf(wishes, before, labels),
      deployment: deploymentOf(wishes, before),
    },
  };
}

function checkWishes({ handler, schedule, memory, cpu }: FunctionWishes): void {
  if (handler !== undefined) splitHandler(handler);
  if (schedule !== undefined) checkSchedule(schedule);
  if (memory !== undefined) memoryBytes(memory);
  if (cpu !== undefined) cpus(cpu);
}

function serviceOf(
  { port, servicePort, headless }: FunctionWishes,
  before: FunctionSpec | undefined,
  selector: Record<string, string>,
): NonNullable<FunctionSpec['service']> {
  const [known] = before?.service?.ports ?? [];
  const targetPort = port ?? known?.targetPort ?? known?.port ?? DEFAULT_PORT;
  const sameAsTarget = known && known.port === (known.targetPort ?? known.port);
  const shown = servicePort ?? (known && !sameAsTarget ? known.port : targetPort);
  const name = 'http-function-port';
  return {
    ...before?.service,
    ...(headless ? { clusterIP: 'None' } : {}),
    ports: [{ name, port: shown, protocol: 'TCP', targetPort }],
    selector,
    type: 'ClusterIP',
  };
}

function deploymentOf(
  wishes: FunctionWishes,
  before: FunctionSpec | undefined,
): NonNullable<FunctionSpec['deployment']> {
  const { secrets = [] } = wishes;
  const pod = before?.deployment?.spec.template.spec;
  const volumes = [...(pod?.volumes ?? []), ...secrets.map(secretVolume)];
  return {
    ...before?.deployment,
    spec: {
      ...before?.deployment?.spec,
      template: {
        ...before?.deployment?.spec.template,
        spec: {
          ...pod,
          containers: [containerFor(wishes, before ? containerOf(before) : {})],
          ...(volumes.length > 0 ? { volumes } : {}),
        },
      },
    },
  };
}

function containerFor(wishes: FunctionWishes, before: FunctionContainer): FunctionContainer {
  const { env, runtimeImage, imagePullPolicy, secrets = [] } = wishes;
  const image = runtimeImage ?? before.image;
  const mounts = [...(before.volumeMounts ?? []), ...secrets.map(secretMount)];
  const variables = env
    ? Object.entries(env).map(([name, value]) => ({ name, value }))
    : before.env;
  return {
    ...before,
    name: before.name ?? '',
    ...(image === undefined ? {} : { image }),
    imagePullPolicy: imagePullPolicy ?? before.imagePullPolicy ?? 'Always',
    ...(variables && variables.length > 0 ? { env: variables } : {}),
    resources: resourcesFor(wishes, before.resources ?? {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

type Resources = NonNullable<FunctionContainer['resources']>;

function resourcesFor({ memory, cpu }: FunctionWishes, before: Resources): Resources {
  if (memory === undefined && cpu === undefined) return before;
  const values = {
    ...before.limits,
    ...(memory === undefined ? {} : { memory }),
    ...(cpu === undefined ? {} : { cpu }),
  };
  return { limits: values, requests: values };
}

function secretVolume(secretName: string) {
  return { name: `${secretName}-vol`, secret: { secretName } };
}

function secretMount(secretName: string) {
  return { name: `${secretName}-vol`, mountPath: `/${secretName}` };
}
