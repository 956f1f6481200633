import { MIRROR_FILES, type PhaseMirrors } from '../../catalog/index.js';
import type { VolumeFiles } from '../../engine/index.js';

/** A volume with its files, and where it is mounted. */
export interface MountedFiles extends VolumeFiles {
  path: string;
}

/** The volume of a revision with the files of mirrors; none where they have no files. */
export function mirrorFiles(revision: string, mirrors: PhaseMirrors | undefined): MountedFiles[] {
  const entries = Object.entries(mirrors?.files ?? {}).map(([path, content]) => ({
    path,
    content,
  }));
  if (entries.length === 0) return [];
  return [{ name: `${revision}.mirrors`, path: MIRROR_FILES, files: entries }];
}
