import type { BuildRecord } from '../../build/index.js';
import { type ImageKind, imageRepository, type Variant } from '../../catalog/index.js';
import type { Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { imageAt, isImage, type RegistryClient, type RetryOptions } from '../../registry/index.js';
import { pushByEngine } from './engine.js';
import { type PushedImage, type PushedImages, recordPush } from './record.js';
import { type Tags, tagsOf } from './tags.js';

/** What a push tells while it goes on. */
export type PushEvent =
  | {
      action: 'pushing' | 'pushed' | 'kept' | 'moved';
      runtime: string;
      /** `REFERENCE:TAG` */
      name: string;
    }
  | { action: 'retry'; reason: string };

export interface PushSettings {
  /** HOST/PREFIX */
  registry: string;
  engine: Engine;
  client: RegistryClient;
  login: Parameters<Engine['images']['push']>[1];
  retry: RetryOptions;
  onEvent?: ((event: PushEvent) => void) | undefined;
}

/**
 * Pushes the images of a build and records their digests. What the registry has already is left as it is,
 * so that a push that broke off goes on where it was.
 *
 * @throws RuntimeKitError IMAGE_NOT_FOUND, TAG_TAKEN, REGISTRY_DENIED, REGISTRY_REFUSED,
 *   REGISTRY_UNTRUSTED, REGISTRY_UNREACHABLE
 */
export async function pushVariant(
  repository: string,
  variant: Variant,
  record: BuildRecord,
  settings: PushSettings,
): Promise<PushedImages> {
  const runtime = await pushImage(variant, record, 'runtime', settings);
  const build = record.images.build && (await pushImage(variant, record, 'build', settings));
  const images = { runtime, ...(build ? { build } : {}) };
  await recordPush(repository, variant.id, settings.registry, images);
  return images;
}

async function pushImage(
  variant: Variant,
  record: BuildRecord,
  kind: ImageKind,
  settings: PushSettings,
): Promise<PushedImage> {
  const { engine, registry, onEvent } = settings;
  const imageId = record.images[kind]?.id ?? '';
  const image = await engine.images.find(imageId);
  if (!image)
    throw new RuntimeKitError('IMAGE_NOT_FOUND', `${variant.id}: ${imageId} is not on the engine`, {
      hint: `run \`npx runtime-kit build ${variant.id}\``,
    });
  const reference = imageRepository(registry, variant, kind);
  const tags = tagsOf(variant, record, image.platform);
  const emit: Emit = (tag, action) =>
    onEvent?.({ runtime: variant.id, name: `${reference}:${tag}`, action });
  const digest = await putImmutable(reference, tags, imageId, settings, emit);
  await moveFloating(reference, tags, digest, settings, emit);
  const pushedAt = new Date().toISOString();
  return { reference, imageId, platform: image.platform, digest, ...tags, pushedAt };
}

type Emit = (tag: string, action: Exclude<PushEvent['action'], 'retry'>) => void;

async function putImmutable(
  reference: string,
  { immutable }: Tags,
  imageId: string,
  settings: PushSettings,
  emit: Emit,
): Promise<string> {
  const { repository } = imageAt(reference);
  const there = await settings.client.manifest(repository, immutable);
  if (there) {
    if (!isImage(there, imageId)) throw taken(`${reference}:${immutable}`, there.digest);
    emit(immutable, 'kept');
    return there.digest;
  }
  emit(immutable, 'pushing');
  const digest = await pushByEngine(`${reference}:${immutable}`, imageId, settings);
  const now = await settings.client.digestOf(repository, immutable);
  if (now !== digest) throw taken(`${reference}:${immutable}`, now ?? 'nothing');
  emit(immutable, 'pushed');
  return digest;
}

/** The registry gets the same manifest under another name: no layer is looked at again. */
async function moveFloating(
  reference: string,
  { floating }: Tags,
  digest: string,
  { client }: PushSettings,
  emit: Emit,
): Promise<void> {
  const { repository } = imageAt(reference);
  const manifest = await client.manifest(repository, digest);
  if (!manifest) throw taken(`${reference}@${digest}`, 'nothing');
  for (const tag of floating) {
    if ((await client.digestOf(repository, tag)) === digest) continue;
    await client.putManifest(repository, tag, manifest);
    emit(tag, 'moved');
  }
}

function taken(name: string, digest: string): RuntimeKitError {
  return new RuntimeKitError('TAG_TAKEN', `${name} is another image in the registry: ${digest}`, {
    hint: 'it was built elsewhere of the same inputs, or moved by hand: build with --refresh-base for a tag of its own, or remove that one from the registry if nothing is pinned to it',
  });
}
