import type { Cluster } from '../cluster/index.js';
import { type ConfigStep, isStill, takeStep } from '../config/index.js';
import { RuntimeKitError } from '../errors.js';
import type { StepFlags } from './cluster-flags.js';
import { printDiff } from './config-output.js';
import { print, printJson } from './print.js';

/** Shows a step, takes it and restarts the controller, as the flags say. */
export async function takeAndTell(
  cluster: Cluster,
  step: ConfigStep,
  flags: StepFlags,
): Promise<void> {
  const { deployment, json } = flags;
  const [dryRun, restart] = [flags.dryRun === true, flags.restart === true];
  const { name, namespace } = step.live;
  const changed = !isStill(step);
  if (!json) printDiff(step.changes, {});
  if (changed) await takeStep(cluster, step, { dryRun });
  const restarted = restart && !dryRun;
  if (restarted) await restartController(cluster, deployment);
  if (json) return printJson({ changes: step.changes, changed, dryRun, restarted });
  if (!changed) print(`\nconfigmap/${name} is as it should be in ${namespace}`);
  else print(`\nconfigmap/${name} changed in ${namespace}${dryRun ? ' (server dry run)' : ''}`);
  if (restarted) print(`deployment.apps/${deployment} restarted`);
  else if (changed && !dryRun)
    print(
      `The controller reads it when it starts: --restart, or\n  kubectl --namespace ${namespace} rollout restart deployment ${deployment}`,
    );
}

async function restartController(cluster: Cluster, deployment: string): Promise<void> {
  if (await cluster.restartDeployment(deployment, new Date())) return;
  throw new RuntimeKitError(
    'CLUSTER_REFUSED',
    `the ConfigMap is written, but ${cluster.namespace} has no deployment ${deployment} to restart`,
    { hint: "say by --deployment what the controller's is called" },
  );
}
