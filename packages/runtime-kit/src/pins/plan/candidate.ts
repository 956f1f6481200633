import type { Catalog, ImageKind, Variant } from '../../catalog/index.js';
import { CONTRACT_VERSION } from '../../dockerfile/labels.js';
import { renderSbom } from '../../inventory/index.js';
import { imageAt, type RegistryClient } from '../../registry/index.js';
import { type IndexManifest, indexOf } from '../index-manifest.js';
import type { LockContent, LockedImage, LockedPlatform, LockedVerdict } from '../lock.js';
import type { PushedImage } from '../push/record.js';
import { indexTag } from '../push/tags.js';
import { Documents } from './documents.js';
import { manifestOf, tagsNow } from './pushed.js';
import { pinsFolder, readSources, type Sources } from './sources.js';
import { verdictOf } from './verdict.js';

/** What a pin would write, and what it was made of. */
export interface Candidate {
  sources: Sources;
  content: LockContent;
  documents: Documents;
  /** Lists of platforms that the registry needs before the lock names them. */
  indexes: { reference: string; tag: string; manifest: IndexManifest }[];
  /** What it rests on: sha256 by file, digest by tag of the registry; null where there is none. */
  seen: Record<string, string | null>;
}

export interface CandidateOptions {
  registry: string | undefined;
  allowUnverified: boolean;
  clientOf: (host: string) => Promise<RegistryClient>;
}

/** @throws RuntimeKitError PIN_REFUSED, PIN_INVALID, REGISTRY_…, USAGE */
export async function candidateOf(
  catalog: Catalog & { repository: string },
  variant: Variant,
  { registry, allowUnverified, clientOf }: CandidateOptions,
): Promise<Candidate> {
  const sources = await readSources(catalog, variant, registry);
  const conformance = await verdictOf(variant, sources, allowUnverified);
  const documents = new Documents(pinsFolder(catalog));
  if (conformance.verdict === 'passed') documents.keep(sources.report ?? '');
  const { pushed } = sources;
  const both = [pushed.runtime, ...(pushed.build ? [pushed.build] : [])];
  const made = await Promise.all(
    both.map(async (image, index) => {
      const kind = index === 0 ? 'runtime' : 'build';
      const client = await clientOf(imageAt(image.reference).host);
      const platform = await platformOf({
        variant,
        kind,
        image,
        client,
        sources,
        conformance,
        documents,
      });
      const tags = await tagsNow(client, image);
      return { ...(await lockedImage({ kind, image, platform, sources, documents })), tags };
    }),
  );
  const [runtime, build] = made;
  if (!runtime) throw new Error(`${variant.id} has no runtime image`);
  const content: LockContent = {
    apiVersion: 'runtime-kit/v1',
    kind: 'Pin',
    runtime: variant.id,
    language: variant.runtime.language,
    version: variant.version.version,
    contract: CONTRACT_VERSION,
    images: { runtime: runtime.image, ...(build ? { build: build.image } : {}) },
  };
  return {
    sources,
    content,
    documents,
    indexes: made.flatMap(({ index }) => index ?? []),
    seen: Object.assign({}, sources.seen, ...made.map(({ tags }) => tags)),
  };
}

interface PlatformParts {
  variant: Variant;
  kind: ImageKind;
  image: PushedImage;
  client: RegistryClient;
  sources: Sources;
  conformance: LockedVerdict;
  documents: Documents;
}

/** What the lock says of the image that was pushed from here. */
async function platformOf(parts: PlatformParts): Promise<LockedPlatform> {
  const { variant, kind, image, client, sources, conformance, documents } = parts;
  const { inputHash, base, revision, images, builtAt } = sources.record;
  const built = images[kind];
  if (!built) throw new Error(`${variant.id} has no ${kind} image`);
  const manifest = await manifestOf(client, image, variant);
  const name = built.name.slice(0, built.name.lastIndexOf(':'));
  const sbom = renderSbom({ ...built, name, version: variant.version.version, builtAt });
  return {
    digest: documents.keep(manifest.text),
    sizeBytes: manifest.sizeBytes,
    imageId: image.imageId,
    inputHash,
    baseDigest: base.digest,
    revision,
    conformance,
    sbom: documents.keep(sbom),
  };
}

/** That, beside what is pinned for other platforms. */
async function lockedImage({
  kind,
  image,
  platform,
  sources,
  documents,
}: Pick<PlatformParts, 'kind' | 'image' | 'sources' | 'documents'> & {
  platform: LockedPlatform;
}): Promise<{ image: LockedImage; index?: Candidate['indexes'][number] }> {
  const { reference, immutable } = image;
  const platforms = { ...othersOf(sources, kind, image), [image.platform]: platform };
  const entries = Object.entries(platforms).map(
    async ([name, { digest }]) => [name, await documents.read(digest)] as const,
  );
  if (entries.length === 1) return { image: { reference, digest: platform.digest, platforms } };
  const manifest = indexOf(new Map(await Promise.all(entries)));
  const tag = indexTag(immutable, manifest.digest);
  return {
    image: { reference, digest: documents.keep(manifest.text), platforms },
    index: { reference, tag, manifest },
  };
}

/** Images for other platforms stay pinned while they are of the same inputs. */
function othersOf(
  { lock, record }: Sources,
  kind: ImageKind,
  { reference, platform }: PushedImage,
): LockedImage['platforms'] {
  const before = lock?.images[kind];
  if (before?.reference !== reference) return {};
  return Object.fromEntries(
    Object.entries(before.platforms).filter(
      ([name, { inputHash }]) => name !== platform && inputHash === record.inputHash,
    ),
  );
}
