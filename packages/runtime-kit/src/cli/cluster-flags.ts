import type { Command } from 'commander';
import type { Cluster, LiveConfigMap } from '../cluster/index.js';
import type { Sources } from '../config/index.js';

export interface ClusterFlags {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

export function addClusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'KUBECONFIG or ~/.kube/config if unset')
    .option('--context <name>', "the kubeconfig's current one if unset")
    .option('--namespace <name>', "Kubeless's: KUBELESS_NAMESPACE, else kubeless");
}

export interface StepFlags {
  dryRun?: true;
  restart?: true;
  deployment: string;
  json?: true;
}

export function addStepOptions(command: Command): Command {
  return command
    .option('--dry-run', 'only let the server say whether it would take the change')
    .option('--restart', 'restart the controller, so that it reads the change')
    .option('--deployment <name>', "the controller's", 'kubeless-controller-manager')
    .option('--json', 'print JSON');
}

/** The cluster that the flags name, and the ConfigMap of Kubeless in it. */
export async function openLive({
  namespace,
  ...flags
}: ClusterFlags): Promise<{ cluster: Cluster; live: LiveConfigMap }> {
  const [{ connectCluster }, { configMapName, readLive }] = await Promise.all([
    import('../cluster/index.js'),
    import('../config/index.js'),
  ]);
  const place = configMapName();
  const cluster = connectCluster({ ...flags, namespace: namespace ?? place.namespace });
  return { cluster, live: await readLive(cluster, place.name) };
}

/** What commands compare and show: pins of the repository, the ConfigMap of the cluster. */
export function sourcesOf(flags: ClusterFlags): Sources {
  return {
    pinned: async () => {
      const [{ readPinned }, { loadRepositoryCatalog }] = await Promise.all([
        import('../config/index.js'),
        import('../catalog/index.js'),
      ]);
      return readPinned(await loadRepositoryCatalog());
    },
    live: async () => (await openLive(flags)).live,
  };
}
