import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { messageOf, RuntimeKitError } from '../errors.js';
import { Cluster } from './cluster.js';

export interface ConnectOptions {
  /** KUBECONFIG, ~/.kube/config or a pod's own account if unset, as kubectl looks for it. */
  kubeconfig?: string | undefined;
  /** The kubeconfig's current one if unset. */
  context?: string | undefined;
  namespace: string;
}

/** @throws RuntimeKitError KUBECONFIG_INVALID */
export function connectCluster({ kubeconfig, context, namespace }: ConnectOptions): Cluster {
  const config = load(kubeconfig);
  if (context !== undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context))
      throw invalid(`the kubeconfig has no context "${context}"`, `it has ${names.join(', ')}`);
    config.setCurrentContext(context);
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw invalid(
      'there is no current cluster in the kubeconfig',
      'set KUBECONFIG, or name a file by --kubeconfig and a context by --context',
    );
  return new Cluster(
    server,
    namespace,
    config.makeApiClient(CoreV1Api),
    config.makeApiClient(AppsV1Api),
  );
}

function load(file: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
    return config;
  } catch (error) {
    throw invalid(
      `cannot read the kubeconfig${file === undefined ? '' : ` ${file}`}: ${messageOf(error)}`,
      'KUBECONFIG, --kubeconfig and ~/.kube/config name files that kubectl reads too',
      error,
    );
  }
}

function invalid(message: string, hint: string, cause?: unknown): RuntimeKitError {
  return new RuntimeKitError('KUBECONFIG_INVALID', message, { hint, cause });
}
