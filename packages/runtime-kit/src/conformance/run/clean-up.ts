import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/index.js';
import { killGroup } from '../targets/command/server.js';
import { RUN_LABEL } from '../targets/image/volumes.js';

/** Folder in which the process groups of a run are noted. */
export function groupsFolder(runFolder: string): string {
  return join(runFolder, 'groups');
}

/** Removes what a run left: processes, containers, volumes, its folder. Workers have ended by now. */
export async function cleanUp(
  runId: string,
  runFolder: string,
  engine: Engine | undefined,
): Promise<void> {
  for (const group of await readdir(groupsFolder(runFolder)).catch(() => []))
    killGroup(Number(group));
  if (engine) await removeLabelled(engine, `${RUN_LABEL}=${runId}`);
  await rm(runFolder, { recursive: true, force: true, maxRetries: 5 });
}

async function removeLabelled({ containers, volumes }: Engine, label: string): Promise<void> {
  const left = await containers.withLabel(label);
  await Promise.all(left.map((id) => containers.remove(id)));
  const names = await volumes.withLabel(label);
  await Promise.all(names.map((name) => volumes.remove(name)));
}
