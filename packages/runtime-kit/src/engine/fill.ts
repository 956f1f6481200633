import type { Engine } from './connect.js';
import type { FileEntry } from './types.js';

export interface VolumeFiles {
  name: string;
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
  const places = volumes.map(({ name }, index) => ({ name, path: `/volume-${index}` }));
  const writer = await idleContainer(engine, { image, labels }, places);
  try {
    const files = volumes.flatMap((volume, index) => below(`volume-${index}`, volume));
    await engine.containers.putFiles(writer, '/', files);
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

function below(folder: string, { files, mode = 0o755 }: VolumeFiles): FileEntry[] {
  return [
    { path: folder, folder: true, mode },
    ...files.map((file) => ({ ...file, path: `${folder}/${file.path}` })),
  ];
}
