import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { Checked } from './checked.js';
import { eachEntry } from './entries.js';
import { type BundledImage, nameOf, type PlatformImage } from './images.js';
import type { Bundle } from './inspect.js';
import { blobPath, digestOfPath } from './layout.js';

/** An image of the engine's own platform, under the name that it gets there. */
export interface EngineImage extends PlatformImage {
  name: string;
}

/** What of an image an engine can run; undefined where it is not of the engine's platform. */
export function forEngine(
  image: BundledImage,
  platform: string,
  prefix: string,
): EngineImage | undefined {
  const own = image.platforms.find((one) => one.platform === platform);
  return own && { ...own, name: `${prefix}/${nameOf(image)}:${image.version}` };
}

/**
 * Loads images of a bundle, as `docker save` would have written them: that is what all engines take.
 *
 * @throws RuntimeKitError ENGINE_FAILED
 */
export async function loadIntoEngine(
  { file }: Bundle,
  images: EngineImage[],
  engine: Engine,
  signal?: AbortSignal,
): Promise<void> {
  const wanted = new Map(
    images.flatMap(({ config, layers }) =>
      [config, ...layers].map((blob) => [blob.digest, blob] as const),
    ),
  );
  const manifest = images.map(({ name, config, layers }) => ({
    Config: blobPath(config.digest),
    RepoTags: [name],
    Layers: layers.map(({ digest }) => blobPath(digest)),
  }));
  const archive = pack();
  const fill = async () => {
    archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
    await eachEntry(
      file,
      async ({ path, size, content }) => {
        const blob = wanted.get(digestOfPath(path) ?? '');
        if (!blob) return;
        await pipeline(content, new Checked(blob), archive.entry({ name: path, size }));
      },
      signal,
    );
    archive.finalize();
  };
  await bothOrNone(archive, fill, engine.images.load(Readable.from(archive), signal));
  for (const { name, imageId } of images) {
    const id = (await engine.images.find(name))?.id;
    if (id !== imageId)
      throw new RuntimeKitError('ENGINE_FAILED', `${name} is ${id} on the engine, not ${imageId}`, {
        hint: 'engines with the containerd image store go by other ids: load it through a registry there',
      });
  }
}

/** Either side would wait for ever for the other one that failed; what failed first is the reason. */
async function bothOrNone(
  archive: Pack,
  fill: () => Promise<void>,
  loading: Promise<void>,
): Promise<void> {
  const reasons: unknown[] = [];
  const giveUp = (error: unknown) => {
    reasons.push(error);
    archive.destroy();
  };
  await Promise.all([fill().catch(giveUp), loading.catch(giveUp)]);
  if (reasons.length > 0) throw reasons[0];
}
