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
  if (!engine) return;
  const left = await engine.containers.withLabel(`${RUN_LABEL}=${runId}`);
  await Promise.all(left.map((id) => engine.containers.remove(id)));
}

/** Removes what a run left: processes, containers, volumes, networks, its folder. Workers have ended by now. */
export async function cleanUp(
  runId: string,
  runFolder: string,
  engine: Engine | undefined,
): Promise<void> {
  await stopAll(runId, runFolder, engine);
  if (engine) await removeUnused(engine, `${RUN_LABEL}=${runId}`);
  await rm(runFolder, { recursive: true, force: true, maxRetries: 5 });
}

/** What containers use cannot be removed before them. */
async function removeUnused({ volumes, networks }: Engine, label: string): Promise<void> {
  const [volumeNames, networkNames] = await Promise.all([
    volumes.withLabel(label),
    networks.withLabel(label),
  ]);
  await Promise.all([
    ...volumeNames.map((name) => volumes.remove(name)),
    ...networkNames.map((name) => networks.remove(name)),
  ]);
}
