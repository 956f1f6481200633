import type { Variant } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';
import { imageAt, isImage, manifestFacts, type RegistryClient } from '../../registry/index.js';
import type { PushedImage } from '../push/record.js';

/** What the registry keeps under the digest that the push recorded, which must be the image that was built. */
export async function manifestOf(
  client: RegistryClient,
  { reference, digest, imageId }: PushedImage,
  { id }: Variant,
): Promise<{ text: string; sizeBytes: number }> {
  const manifest = await client.manifest(imageAt(reference).repository, digest);
  const facts = manifest && manifestFacts(manifest.text);
  if (manifest && facts && isImage(manifest, imageId))
    return { text: manifest.text, sizeBytes: facts.sizeBytes };
  const reason = manifest ? `is not ${imageId}` : 'is not in the registry';
  throw new RuntimeKitError('PIN_REFUSED', `${id}: ${reference}@${digest} ${reason}`, {
    hint: `run \`npx runtime-kit push ${id} --registry HOST/PREFIX\` again`,
  });
}

/** What stands behind the tags of a push now: null where there is nothing. */
export async function tagsNow(
  client: RegistryClient,
  { reference, immutable, floating }: PushedImage,
): Promise<Record<string, string | null>> {
  const { repository } = imageAt(reference);
  const entries = [immutable, ...floating].map(async (tag) => {
    const digest = await client.digestOf(repository, tag);
    return [`${reference}:${tag}`, digest ?? null] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
