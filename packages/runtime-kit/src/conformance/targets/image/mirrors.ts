import { MIRROR_FILES, type PhaseMirrors } from '../../../catalog/index.js';
import type { ContainerOptions } from '../../../engine/index.js';
import type { RunVolumes } from './volumes.js';

/** The volume with the files of mirrors; none where they have no files. */
export async function mirrorVolume(
  volumes: RunVolumes,
  mirrors: PhaseMirrors | undefined,
  uid: number,
): Promise<NonNullable<ContainerOptions['volumes']>> {
  const files = mirrors?.files ?? {};
  if (Object.keys(files).length === 0) return [];
  const name = await volumes.secret(files, uid);
  return [{ name, path: MIRROR_FILES, readOnly: true }];
}
