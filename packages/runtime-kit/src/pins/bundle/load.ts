import { join } from 'node:path';
import { type BuildRecord, evidenceFile, recordFile, recordSchema } from '../../build/index.js';
import type { Catalog } from '../../catalog/index.js';
import type { Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { registryPlace } from '../../registry/index.js';
import { exclusively } from '../exclusive.js';
import { type Lock, sealed } from '../lock.js';
import { pinsFolder } from '../plan/sources.js';
import { openRegistry } from '../registry.js';
import { documentFile, lockFile } from '../store.js';
import { writeTogether } from '../write.js';
import { type BundledImage, nameOf } from './images.js';
import { type Bundle, readBundle } from './inspect.js';
import { recordPath } from './layout.js';
import { type EngineImage, forEngine, loadIntoEngine } from './to-engine.js';
import { loadIntoRegistry, referenceIn } from './to-registry.js';

export interface LoadOptions {
  /** Where to, HOST/PREFIX; the pins then name it instead of where they come from. */
  registry?: string | undefined;
  /** Unset: no engine. */
  connect?: (() => Promise<Engine>) | undefined;
  onEvent?: (event: LoadEvent) => void;
  signal?: AbortSignal;
}

/** What has been done; `subject` is the file, an image on the engine or one in the registry. */
export interface LoadEvent {
  action: 'checked' | 'loaded' | 'pushed';
  subject: string;
}

/** What became of an image. */
export interface LoadedImage {
  runtime: string;
  /** HOST/PREFIX/NAME@DIGEST, as the pin names it now. */
  reference: string;
  /** On the engine; null where it is of another platform, or no engine was asked. */
  name: string | null;
}

/**
 * Takes a bundle over: images into the engine and a registry, pins with their evidence into the repository,
 * and where the engine has the images, their build records and reports.
 *
 * @throws RuntimeKitError BUNDLE_INVALID before anything is changed, USAGE, PIN_BUSY, ENGINE_*, REGISTRY_*
 */
export async function loadBundle(
  catalog: Catalog & { repository: string },
  file: string,
  { registry, connect, onEvent, signal }: LoadOptions,
): Promise<LoadedImage[]> {
  if (registry !== undefined) registryPlace(registry);
  const target = connect ? await engineTarget(catalog, await connect()) : undefined;
  const bundle = await readBundle(file, signal);
  requireManifests(catalog, bundle);
  onEvent?.({ action: 'checked', subject: file });
  return exclusively(pinsFolder(catalog), async () => {
    const onEngine = target ? await intoEngine(target, bundle, signal) : [];
    for (const { name } of onEngine) onEvent?.({ action: 'loaded', subject: name });
    if (registry !== undefined) {
      const { client } = await openRegistry(registryPlace(registry).host, catalog, { signal });
      const onImage = (image: BundledImage) =>
        onEvent?.({ action: 'pushed', subject: referenceIn(registry, image) });
      await loadIntoRegistry(bundle, registry, client, { onImage, ...(signal ? { signal } : {}) });
    }
    await restore(catalog, bundle, onEngine, registry);
    return bundle.images.map((image) => ({
      runtime: image.runtime,
      reference: `${registry === undefined ? image.reference : referenceIn(registry, image)}@${image.digest}`,
      name: onEngine.find(({ imageId }) => isOf(image, imageId))?.name ?? null,
    }));
  });
}

/** Pins that nothing here can be made of would only come to light later. */
function requireManifests({ runtimes }: Catalog, { file, locks }: Bundle): void {
  const known = runtimes.flatMap(({ variants }) => variants.map(({ id }) => id));
  const strange = locks.map(({ runtime }) => runtime).filter((id) => !known.includes(id));
  if (strange.length === 0) return;
  throw new RuntimeKitError(
    'BUNDLE_INVALID',
    `${file}: it pins ${strange.join(', ')}, which no runtime.yaml of this repository has`,
    { hint: 'bring this repository to the revision that the bundle was made at' },
  );
}

interface EngineTarget {
  engine: Engine;
  platform: string;
  prefix: string;
}

/** Asked before gigabytes are read. */
async function engineTarget({ config }: Catalog, engine: Engine): Promise<EngineTarget> {
  const { architecture } = await engine.info();
  return { engine, platform: `linux/${architecture}`, prefix: config.prefix };
}

async function intoEngine(
  { engine, platform, prefix }: EngineTarget,
  bundle: Bundle,
  signal: AbortSignal | undefined,
): Promise<EngineImage[]> {
  const images = bundle.images
    .map((image) => forEngine(image, platform, prefix))
    .filter((image) => image !== undefined);
  if (images.length > 0) await loadIntoEngine(bundle, images, engine, signal);
  return images;
}

function isOf({ platforms }: Bundle['images'][number], imageId: string): boolean {
  return platforms.some((one) => one.imageId === imageId);
}

/** All of it or nothing; a lock comes after what it names. */
async function restore(
  catalog: Catalog & { repository: string },
  { documents, locks }: Bundle,
  onEngine: EngineImage[],
  registry: string | undefined,
): Promise<void> {
  const folder = pinsFolder(catalog);
  const files = new Map<string, string>();
  for (const [path, text] of documents)
    if (path.startsWith('pins/evidence/'))
      files.set(join(folder, path.slice('pins/'.length)), text);
  for (const lock of locks) {
    for (const [file, text] of recordsOf(catalog.repository, documents, lock, onEngine))
      files.set(file, text);
    files.set(lockFile(folder, lock.runtime), textOf(locate(lock, registry)));
  }
  await writeTogether(files);
}

/** The same images, where the registry of here has them. */
function locate({ integrity: _, ...lock }: Lock, registry: string | undefined): Lock {
  const { runtime, build } = lock.images;
  const at = <Image extends { reference: string }>(image: Image): Image =>
    registry === undefined ? image : { ...image, reference: `${registry}/${nameOf(image)}` };
  const images = { runtime: at(runtime), ...(build ? { build: at(build) } : {}) };
  return sealed({ ...lock, images });
}

/** What a build and a verification here would have left behind, of the images that the engine has now. */
function recordsOf(
  repository: string,
  documents: Map<string, string>,
  { runtime, images }: Lock,
  onEngine: EngineImage[],
): [string, string][] {
  const nameOfId = new Map(onEngine.map(({ imageId, name }) => [imageId, name]));
  const here = Object.values(images.runtime.platforms).find(({ imageId }) => nameOfId.has(imageId));
  if (!here) return [];
  const { conformance } = here;
  const report =
    conformance.verdict === 'passed'
      ? documents.get(documentFile('pins', conformance.report))
      : undefined;
  const record = recordIn(documents, runtime);
  if (record)
    for (const image of [record.images.runtime, record.images.build])
      if (image) image.name = nameOfId.get(image.id) ?? image.name;
  return [
    ...(report === undefined
      ? []
      : [[evidenceFile(repository, runtime), report] as [string, string]]),
    ...(record?.images.runtime.id === here.imageId
      ? [[recordFile(repository, runtime), textOf(record)] as [string, string]]
      : []),
  ];
}

/** undefined where there is none, or it is of another version of the tool. */
function recordIn(documents: Map<string, string>, runtime: string): BuildRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(documents.get(recordPath(runtime)) ?? ''));
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
