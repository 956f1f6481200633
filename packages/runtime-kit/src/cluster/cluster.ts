import {
  type AppsV1Api,
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { asked } from './failure.js';

/** A ConfigMap as the API server has it. */
export interface LiveConfigMap {
  name: string;
  namespace: string;
  /** Changes with every change. */
  resourceVersion: string;
  data: Record<string, string>;
  annotations: Record<string, string>;
}

/** What of a ConfigMap becomes another; a key of null goes away, all else stays. */
export interface ConfigMapChange {
  data: Record<string, string | null>;
  annotations: Record<string, string | null>;
}

const FIELD_MANAGER = 'runtime-kit';

/**
 * One namespace of a cluster. Errors are RuntimeKitError CLUSTER_REFUSED, CLUSTER_UNREACHABLE and, where
 * somebody else was quicker, CONFIGMAP_MOVED.
 */
export class Cluster {
  constructor(
    readonly server: string,
    readonly namespace: string,
    private readonly core: CoreV1Api,
    private readonly apps: AppsV1Api,
  ) {}

  /** undefined where there is none. */
  async configMap(name: string): Promise<LiveConfigMap | undefined> {
    const { namespace } = this;
    const what = `configmap ${namespace}/${name}`;
    const found = await asked(this.server, what, () =>
      this.core.readNamespacedConfigMap({ name, namespace }),
    );
    return (
      found && {
        name,
        namespace,
        resourceVersion: found.metadata?.resourceVersion ?? '',
        data: found.data ?? {},
        annotations: found.metadata?.annotations ?? {},
      }
    );
  }

  /** Only where it is still the one that was read; `dryRun`: the server says whether it would. */
  async changeConfigMap(
    { name, namespace, resourceVersion }: LiveConfigMap,
    { data, annotations }: ConfigMapChange,
    { dryRun }: { dryRun: boolean },
  ): Promise<void> {
    const body = { metadata: { resourceVersion, annotations }, data };
    const place = { name, namespace, fieldManager: FIELD_MANAGER };
    await asked(this.server, `configmap ${namespace}/${name}`, () =>
      this.core.patchNamespacedConfigMap(
        { ...place, body, ...(dryRun ? { dryRun: 'All' } : {}) },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
    );
  }

  /** As `kubectl rollout restart` does; false where there is no such deployment. */
  async restartDeployment(name: string, at: Date): Promise<boolean> {
    const { namespace } = this;
    const annotations = { 'kubectl.kubernetes.io/restartedAt': at.toISOString() };
    const body = { spec: { template: { metadata: { annotations } } } };
    const found = await asked(this.server, `deployment ${namespace}/${name}`, () =>
      this.apps.patchNamespacedDeployment(
        { name, namespace, body, fieldManager: FIELD_MANAGER },
        setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
      ),
    );
    return found !== undefined;
  }
}
