import { RuntimeKitError } from '../../errors.js';
import type { BlobDescriptor, RegistryClient } from '../../registry/index.js';
import { imageAt } from '../../registry/index.js';
import { eachEntry } from './entries.js';
import { type BundledImage, blobsOf, manifestsOf, nameOf } from './images.js';
import type { Bundle } from './inspect.js';
import { digestOfPath } from './layout.js';

/** Where an image goes: HOST/PREFIX/NAME. */
export function referenceIn(registry: string, image: BundledImage): string {
  return `${registry}/${nameOf(image)}`;
}

/**
 * Stores the images of a bundle in a registry under their own digests, and under their versions. What is
 * there already is left as it is, so that a load that broke off goes on where it was.
 *
 * @throws RuntimeKitError REGISTRY_*
 */
export async function loadIntoRegistry(
  bundle: Bundle,
  registry: string,
  client: RegistryClient,
  { onImage, signal }: { onImage?: (image: BundledImage) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const done: string[] = [];
  for (const image of bundle.images) {
    const { repository } = imageAt(referenceIn(registry, image));
    const missing = await missingOf(client, repository, blobsOf(image), done);
    if (missing.size > 0) await upload(bundle.file, client, repository, missing, signal);
    const manifests = manifestsOf(image);
    for (const manifest of manifests)
      await client.putManifest(repository, manifest.digest, manifest);
    const whole = manifests.at(-1);
    if (whole) await client.putManifest(repository, image.version, whole);
    await requireDigest(client, repository, image);
    done.push(repository);
    onImage?.(image);
  }
}

/** What anybody who pulls by the version gets from now on. */
async function requireDigest(
  client: RegistryClient,
  repository: string,
  { version, digest }: BundledImage,
): Promise<void> {
  const found = await client.digestOf(repository, version);
  if (found !== digest)
    throw new RuntimeKitError(
      'REGISTRY_REFUSED',
      `${client.host}/${repository}:${version} is ${found ?? 'not there'} after it was loaded, not ${digest}`,
      { hint: 'does somebody else write there, or does the registry change what it stores?' },
    );
}

/** What a repository needs and has not, and none of the others can give it. */
async function missingOf(
  client: RegistryClient,
  repository: string,
  blobs: BlobDescriptor[],
  others: string[],
): Promise<Map<string, BlobDescriptor>> {
  const missing = new Map<string, BlobDescriptor>();
  for (const blob of blobs) {
    if (await client.hasBlob(repository, blob.digest)) continue;
    if (!(await isMounted(client, repository, blob.digest, others))) missing.set(blob.digest, blob);
  }
  return missing;
}

async function isMounted(
  client: RegistryClient,
  repository: string,
  digest: string,
  others: string[],
): Promise<boolean> {
  for (const other of others)
    if (other !== repository && (await client.hasBlob(other, digest)))
      return client.mountBlob(repository, digest, other);
  return false;
}

async function upload(
  file: string,
  client: RegistryClient,
  repository: string,
  missing: Map<string, BlobDescriptor>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await eachEntry(
    file,
    async ({ path, content }) => {
      const blob = missing.get(digestOfPath(path) ?? '');
      if (blob) await client.putBlob(repository, blob, content);
    },
    signal,
  );
}
