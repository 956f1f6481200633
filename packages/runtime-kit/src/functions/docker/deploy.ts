import type { FunctionPlan } from '../plan/types.js';
import type { FunctionResource } from '../resource/schema.js';
import { tellingEngineFailures } from './failure.js';
import { frontState, openFront, turnFront, untilLeft } from './front.js';
import { type FunctionName, filtersOf, newRevision } from './labels.js';
import { type DeployedFunction, findFunction } from './list.js';
import { orPutAway, putAway } from './put-away.js';
import { makeRevision } from './revision.js';
import type { Workbench } from './workbench.js';

export interface Deployment {
  plan: FunctionPlan;
  resource: FunctionResource;
  /** Of the engine's machine; a free one if unset. */
  port?: number | undefined;
}

/**
 * Brings a function to an engine; returns it once it answers. Nothing of it stays where that fails.
 *
 * @throws RuntimeKitError FUNCTION_EXISTS, PORT_TAKEN, FUNCTION_FAILED, IMAGE_NOT_FOUND, ENGINE_FAILED,
 * INTERRUPTED
 */
export function deployFunction(
  bench: Workbench,
  deployment: Deployment,
): Promise<DeployedFunction> {
  return tellingEngineFailures(deploy(bench, deployment));
}

async function deploy(
  bench: Workbench,
  { plan, resource, port }: Deployment,
): Promise<DeployedFunction> {
  const { engine, signal } = bench;
  const front = await openFront(bench, plan, port);
  const work = async () => {
    const revision = await makeRevision(bench, plan, resource, newRevision());
    await turnFront(engine, front, revision);
    return findFunction(engine, plan);
  };
  return orPutAway(work(), signal, () => putAway(engine, plan));
}

/**
 * Puts another version in the place of one: it answers nothing until it is healthy, and the old one goes when its
 * last call is answered. Where it does not come to that the old one stays.
 *
 * @throws RuntimeKitError FUNCTION_FAILED, IMAGE_NOT_FOUND, ENGINE_FAILED, INTERRUPTED
 */
export function updateFunction(
  bench: Workbench,
  deployed: DeployedFunction,
  { plan, resource }: Deployment,
): Promise<DeployedFunction> {
  return tellingEngineFailures(update(bench, deployed, { plan, resource }));
}

async function update(
  bench: Workbench,
  deployed: DeployedFunction,
  { plan, resource }: Deployment,
): Promise<DeployedFunction> {
  const { engine, signal, onStatus } = bench;
  const id = newRevision();
  const front = deployed.front?.id ?? (await openFront(bench, plan, undefined));
  const making = makeRevision(bench, plan, resource, id);
  const revision = await orPutAway(making, signal, () => putAway(engine, plan, id));
  // From here on the new version may have calls, so the way is forward, whoever interrupts.
  onStatus?.('turn');
  await turnFront(engine, front, revision);
  await untilLeft(engine, front, { limitMs: leavingMs(deployed, plan), signal });
  await removeLeft(bench, plan, front);
  return findFunction(engine, plan);
}

/** Removes a function, running calls answered first where its server does so on SIGTERM. */
export function deleteFunction(
  bench: Pick<Workbench, 'engine'>,
  name: FunctionName,
): Promise<void> {
  return tellingEngineFailures(remove(bench, name));
}

const STOP_SECONDS = 5;

async function remove({ engine }: Pick<Workbench, 'engine'>, name: FunctionName): Promise<void> {
  const { server } = await findFunction(engine, name);
  if (server?.running) await engine.containers.stop(server.id, STOP_SECONDS);
  await putAway(engine, name);
}

function leavingMs({ resource }: DeployedFunction, { server }: FunctionPlan): number {
  const seconds = Number(resource?.spec.timeout) || server.timeout;
  return (seconds + 1) * 1000;
}

/** Removes the versions that the front has turned away from; one that another update makes right now is none. */
async function removeLeft({ engine }: Workbench, plan: FunctionPlan, front: string): Promise<void> {
  const state = await frontState(engine, front);
  for (const revision of state?.left ?? []) {
    const containers = await engine.containers.list(filtersOf(plan, revision));
    await Promise.all(containers.map(({ id }) => engine.containers.stop(id, STOP_SECONDS)));
    await putAway(engine, plan, revision);
  }
}
