import { type BlobDescriptor, imageAt, manifestFacts } from '../../registry/index.js';
import { type IndexManifest, indexOf } from '../index-manifest.js';
import { type Lock, type LockedImage, sha256 } from '../lock.js';
import { invalidBundle } from './layout.js';

/** A platform's image: what a registry and an engine need of it. */
export interface PlatformImage {
  platform: string;
  imageId: string;
  manifest: IndexManifest;
  config: BlobDescriptor;
  layers: BlobDescriptor[];
}

/** An image that a lock names, with all that is known of it without a registry. */
export interface BundledImage {
  runtime: string;
  version: string;
  kind: 'runtime' | 'build';
  /** HOST/PREFIX/NAME, where it was pinned. */
  reference: string;
  /** What to deploy: a manifest's, or that of a list of them. */
  digest: string;
  /** The list, where there are several platforms. */
  list: IndexManifest | undefined;
  platforms: PlatformImage[];
}

/** The last part of the reference: what it is called anywhere. */
export function nameOf({ reference }: { reference: string }): string {
  const { repository } = imageAt(reference);
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** The blobs of an image, each once. */
export function blobsOf({ platforms }: BundledImage): BlobDescriptor[] {
  const all = platforms.flatMap(({ config, layers }) => [config, ...layers]);
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}

/** The manifests of an image, the list last: a registry takes none before its members. */
export function manifestsOf({ platforms, list }: BundledImage): IndexManifest[] {
  return [...platforms.map(({ manifest }) => manifest), ...(list ? [list] : [])];
}

/**
 * What a lock pins.
 *
 * @param read the text of a document by its digest
 * @param file what to name in an error
 * @throws RuntimeKitError BUNDLE_INVALID where a manifest is none
 */
export async function imagesOfLock(
  { runtime, version, images }: Lock,
  read: (digest: string) => Promise<string>,
  file: string,
): Promise<BundledImage[]> {
  const found: BundledImage[] = [];
  for (const kind of ['runtime', 'build'] as const) {
    const image = images[kind];
    if (!image) continue;
    const platforms = await platformsOf(image, read, file);
    const members = new Map(platforms.map(({ platform, manifest }) => [platform, manifest.text]));
    const list = platforms.length > 1 ? indexOf(members) : undefined;
    const { reference, digest } = image;
    found.push({ runtime, version, kind, reference, digest, list, platforms });
  }
  return found;
}

async function platformsOf(
  image: LockedImage,
  read: (digest: string) => Promise<string>,
  file: string,
): Promise<PlatformImage[]> {
  return Promise.all(
    Object.entries(image.platforms).map(async ([platform, { digest, imageId }]) => {
      const text = await read(digest);
      const facts = manifestFacts(text);
      if (!facts) throw invalidBundle(file, `${digest} is no manifest of an image`);
      const { mediaType } = JSON.parse(text) as { mediaType: string };
      const manifest = { digest: sha256(text), mediaType, text };
      return { platform, imageId, manifest, config: facts.config, layers: facts.layers };
    }),
  );
}
