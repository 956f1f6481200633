import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import type { Engine } from './connect.js';

/** Regular files of a container, which may have ended: content by path below `folder`. */
export async function readFiles(
  engine: Engine,
  container: string,
  folder: string,
): Promise<Map<string, Buffer>> {
  const archive = extract();
  (await engine.containers.getArchive(container, folder)).pipe(archive);
  const files = new Map<string, Buffer>();
  // To the end: an archive that is left early ends with an error nobody waits for.
  for await (const entry of archive) {
    const { name, type } = entry.header;
    const content = await buffer(entry);
    // Every path begins with the folder's own name.
    if (type === 'file') files.set(name.slice(name.indexOf('/') + 1), content);
  }
  return files;
}
