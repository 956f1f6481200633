import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/index.js';
import { killGroup } from '../targets/command/server.js';
import { RUN_LABEL } from '../targets/image/volumes.js';

/** Folder in which the process groups of a run are noted. */
export function groupsFolder(runFolder: string): string {
  return join(runFolder, 'groups');
}

/** Ends the processes and containers of a run, whoever waits for them. */
export async function stopAll(
  runId: string,
  runFolder: string,
  engine: Engine | undefined,
): Promise<void> {
  for (const group of await readdir(groupsFolder(runFolder)).catch(() => []))
    killGroup(Number(group));
  if (engine) await stopContainers(engine, runId);
}

/** Removes what a run left: processes, containers, volumes, networks, its folder. Workers have ended by now. */
export async function cleanUp(
  runId: string,
  runFolder: string,
  engine: Engine | undefined,
): Promise<void> {
  await stopAll(runId, runFolder, engine);
  if (engine) await cleanUpEngine(engine, runId);
  await rm(runFolder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes the containers, volumes and networks of a run; what containers use cannot go before them. */
export async function cleanUpEngine(engine: Engine, runId: string): Promise<void> {
  await stopContainers(engine, runId);
  const label = `${RUN_LABEL}=${runId}`;
  const [volumes, networks] = await Promise.all([
    engine.volumes.withLabel(label),
    engine.networks.withLabel(label),
  ]);
  await Promise.all([
    ...volumes.map((name) => engine.volumes.remove(name)),
    ...networks.map((name) => engine.networks.remove(name)),
  ]);
}

async function stopContainers({ containers }: Engine, runId: string): Promise<void> {
  const left = await containers.withLabel(`${RUN_LABEL}=${runId}`);
  await Promise.all(left.map((id) => containers.remove(id)));
}
