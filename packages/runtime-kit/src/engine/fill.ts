import type { Engine } from './connect.js';
import type { FileEntry } from './types.js';

export interface VolumeFiles {
  name: string;
  path: string;
  files: FileEntry[];
  /** Of the volume's own folder, which belongs to root; 755 if unset. */
  mode?: number;
}

/** Any image, and the labels of what is made. */
export interface Writer {
  image: string;
  labels: Record<string, string>;
}

/**
 * Makes volumes with files, written through one container that is never started. Files travel over the
 * engine's API, so it may be remote.
 */
export async function makeVolumes(
  engine: Engine,
  { image, labels }: Writer,
  volumes: VolumeFiles[],
): Promise<void> {
  await Promise.all(volumes.map(({ name }) => engine.volumes.create(name, labels)));
  const writer = await idleContainer(engine, { image, labels }, volumes);
  try {
    await engine.containers.putFiles(writer, '/', volumes.flatMap(underRoot));
  } finally {
    await engine.containers.remove(writer);
  }
}

/** A container with volumes that is never started: the engine reads and writes through it. */
export function idleContainer(
  engine: Engine,
  { image, labels }: Writer,
  volumes: { name: string; path: string }[],
): Promise<string> {
  return engine.containers.create({
    image,
    labels,
    command: ['never-started'],
    volumes: volumes.map(({ name, path }) => ({ name, path })),
  });
}

function underRoot({ path, files, mode = 0o755 }: VolumeFiles): FileEntry[] {
  const folder = path.slice(1);
  return [
    { path: folder, folder: true, mode },
    ...files.map((file) => ({ ...file, path: `${folder}/${file.path}` })),
  ];
}
