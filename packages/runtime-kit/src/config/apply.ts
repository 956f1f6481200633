import type { Cluster, LiveConfigMap } from '../cluster/index.js';
import { RuntimeKitError } from '../errors.js';
import { type ConfigChange, diffRuntimeImages } from './diff.js';
import { IMAGES_KEY } from './document.js';
import { HISTORY, historyText, readHistory, type Version } from './history.js';
import { readRuntimeImages } from './read.js';

/** Another value of runtime-images for a cluster, and what it changes; nothing is written yet. */
export interface ConfigStep {
  live: LiveConfigMap;
  images: string;
  /** What is kept of before, newest first. */
  history: Version[];
  changes: ConfigChange[];
}

/** @throws RuntimeKitError CONFIGMAP_INVALID where the cluster has no such ConfigMap */
export async function readLive(cluster: Cluster, name: string): Promise<LiveConfigMap> {
  const live = await cluster.configMap(name);
  if (live) return live;
  throw new RuntimeKitError(
    'CONFIGMAP_INVALID',
    `${cluster.server} has no ConfigMap ${name} in the namespace ${cluster.namespace}`,
    {
      hint: 'KUBELESS_CONFIG and KUBELESS_NAMESPACE, or --namespace, say where Kubeless keeps it; apply and rollback change it, installing Kubeless makes it',
    },
  );
}

export function applyStep(live: LiveConfigMap, images: string, now: Date): ConfigStep {
  return stepTo(live, images, readHistory(live.annotations), now);
}

/**
 * Back to the version that was in force `back` changes ago; what is in force becomes the newest of the kept
 * ones, so that a second step of 1 undoes the first.
 *
 * @throws RuntimeKitError USAGE where no such version is kept
 */
export function rollbackStep(live: LiveConfigMap, back: number, now: Date): ConfigStep {
  const history = readHistory(live.annotations);
  const found = history[back - 1];
  if (!found)
    throw new RuntimeKitError(
      'USAGE',
      `${live.namespace}/${live.name} keeps ${history.length} versions, and not the one of ${back} changes ago`,
      { hint: '`npx runtime-kit config rollback --list` shows them' },
    );
  const others = history.filter((one) => one !== found);
  return stepTo(live, found.images, others, now);
}

function stepTo(live: LiveConfigMap, images: string, kept: Version[], now: Date): ConfigStep {
  const old = live.data[IMAGES_KEY];
  const replaced = old === undefined ? [] : [{ replacedAt: now.toISOString(), images: old }];
  const changes = diffRuntimeImages(
    readRuntimeImages(old ?? '[]').runtimes,
    readRuntimeImages(images).runtimes,
  );
  return { live, images, history: [...replaced, ...kept], changes };
}

/** Whether there is anything to write. */
export function isStill({ live, images }: ConfigStep): boolean {
  return live.data[IMAGES_KEY] === images;
}

/**
 * Writes it, after the server has said that it would take it.
 *
 * @throws RuntimeKitError CLUSTER_REFUSED, CLUSTER_UNREACHABLE, CONFIGMAP_MOVED
 */
export async function takeStep(
  cluster: Cluster,
  { live, images, history }: ConfigStep,
  { dryRun }: { dryRun: boolean },
): Promise<void> {
  const change = {
    data: { [IMAGES_KEY]: images },
    annotations: { [HISTORY]: historyText(history) },
  };
  await cluster.changeConfigMap(live, change, { dryRun: true });
  if (!dryRun) await cluster.changeConfigMap(live, change, { dryRun: false });
}
