import { z } from 'zod';

/** What a registry may keep under a tag or a digest: one platform's image, or a list of them. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const descriptor = z.object({ digest: z.string(), size: z.number() });

/** A blob by what is in it. */
export type BlobDescriptor = z.infer<typeof descriptor>;

const manifestSchema = z.object({ config: descriptor, layers: z.array(descriptor) });

/** What the manifest of one platform's image says. */
export interface ManifestFacts {
  /** Digest of the image's configuration: its id on engines that keep images by it. */
  configDigest: string;
  /** Of layers, compressed, and configuration together. */
  sizeBytes: number;
  config: BlobDescriptor;
  /** The lowest first. */
  layers: BlobDescriptor[];
}

/** undefined where it is no manifest of an image. */
export function manifestFacts(text: string): ManifestFacts | undefined {
  try {
    const { config, layers } = manifestSchema.parse(JSON.parse(text));
    const sizeBytes = layers.reduce((sum, { size }) => sum + size, config.size);
    return { configDigest: config.digest, sizeBytes, config, layers };
  } catch {
    return undefined;
  }
}

/** Whether a manifest is of an image of the engine: its id is the configuration's digest, or the manifest's. */
export function isImage(
  { digest, text }: { digest: string; text: string },
  imageId: string,
): boolean {
  return digest === imageId || manifestFacts(text)?.configDigest === imageId;
}
