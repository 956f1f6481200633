import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { Engine } from '../../../engine/index.js';
import type { ImageEntry } from '../target.js';
import { RUN_LABEL } from './volumes.js';

/** Every entry of an image's file system, read from a container that never starts. */
export async function imageEntries(
  engine: Engine,
  image: string,
  runId: string,
): Promise<ImageEntry[]> {
  const id = await engine.containers.create({
    image,
    command: ['never-started'],
    labels: { [RUN_LABEL]: runId },
  });
  try {
    return await readEntries((await engine.containers.export(id)) as Readable);
  } finally {
    await engine.containers.remove(id);
  }
}

async function readEntries(archive: Readable): Promise<ImageEntry[]> {
  const found: ImageEntry[] = [];
  for await (const entry of archive.pipe(extract())) {
    const { name, type, mode = 0, uid = 0, size = 0 } = entry.header;
    found.push({ path: `/${name.replace(/\/$/, '')}`, type: type ?? 'file', mode, uid, size });
    entry.resume();
  }
  return found;
}
