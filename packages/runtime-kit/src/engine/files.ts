import { dirname } from 'node:path/posix';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { FileEntry } from './types.js';

const DEFAULT_MODE = 0o644;

/**
 * Files as a tar stream, their folders included. Times are zero, so that equal files make equal
 * bytes and the engine's build cache sees no change where there is none.
 */
export function packFiles(files: FileEntry[]): Readable {
  const archive = pack();
  const mtime = new Date(0);
  for (const folder of foldersOf(files.filter((file) => !file.folder)))
    archive.entry({
      name: `${folder}/`,
      type: 'directory',
      mode: 0o755,
      mtime,
    });
  for (const { path, content = '', link, folder, mode = DEFAULT_MODE, uid = 0, gid = 0 } of files) {
    if (folder) archive.entry({ name: `${path}/`, type: 'directory', mode, mtime, uid, gid });
    else if (link !== undefined)
      archive.entry({
        name: path,
        type: 'symlink',
        linkname: link,
        mtime,
        uid,
        gid,
      });
    else archive.entry({ name: path, mode, mtime, uid, gid }, Buffer.from(content));
  }
  archive.finalize();
  return Readable.from(archive);
}

function foldersOf(files: FileEntry[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files)
    for (let folder = dirname(path); folder !== '.' && folder !== '/'; folder = dirname(folder))
      folders.add(folder);
  return [...folders].sort();
}
