import { readFile, stat } from 'node:fs/promises';
import { readRecord, recordFile } from '../../build/index.js';
import type { Catalog } from '../../catalog/index.js';
import { imageAt, type RegistryClient } from '../../registry/index.js';
import { type Lock, sha256 } from '../lock.js';
import { pinsFolder } from '../plan/sources.js';
import { openRegistry } from '../registry.js';
import { documentFile, lockFile, readDocument } from '../store.js';
import { type BundledImage, blobsOf, imagesOfLock, manifestsOf, nameOf } from './images.js';
import { blobPath, INDEX, LAYOUT, LAYOUT_TEXT, recordPath } from './layout.js';
import { BundleWriter } from './writer.js';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

export interface CreateOptions {
  /** The file to write. */
  output: string;
  /** A blob was taken from its registry. */
  onBlob?: (image: BundledImage, bytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Writes pinned images, as their registries have them, with their pins, evidence and build records into one
 * tar archive: an OCI image layout. Equal pins give equal bytes.
 *
 * @param locks each of which holds
 * @throws RuntimeKitError PIN_INVALID, REGISTRY_*, WRITE_FAILED
 */
export async function createBundle(
  catalog: Catalog & { repository: string },
  locks: Lock[],
  { output, onBlob, signal }: CreateOptions,
): Promise<{ images: BundledImage[]; sizeBytes: number }> {
  const folder = pinsFolder(catalog);
  const images: BundledImage[] = [];
  for (const lock of locks)
    images.push(...(await imagesOfLock(lock, (digest) => readDocument(folder, digest), folder)));
  const documents = await documentsOf(catalog, locks, images);
  const clients = new Clients(catalog, signal);
  const write = async (writer: BundleWriter) => {
    for (const [path, text] of documents) await writer.add(path, text);
    const written = new Set<string>();
    for (const image of images) {
      const { host, repository } = imageAt(image.reference);
      const client = await clients.of(host);
      for (const blob of blobsOf(image).filter(({ digest }) => !written.has(digest))) {
        written.add(blob.digest);
        const source = await client.blob(repository, blob.digest);
        await writer.addBlob(blobPath(blob.digest), blob, source);
        onBlob?.(image, blob.size);
      }
    }
  };
  await BundleWriter.write(output, write, signal);
  return { images, sizeBytes: (await stat(output)).size };
}

/** One for each registry. */
class Clients {
  private readonly opened = new Map<string, RegistryClient>();

  constructor(
    private readonly catalog: Catalog & { repository: string },
    private readonly signal: AbortSignal | undefined,
  ) {}

  async of(host: string): Promise<RegistryClient> {
    const { client } = this.opened.has(host)
      ? { client: this.opened.get(host) as RegistryClient }
      : await openRegistry(host, this.catalog, { signal: this.signal });
    this.opened.set(host, client);
    return client;
  }
}

/** All files but the blobs that registries have, text by path. */
async function documentsOf(
  catalog: Catalog & { repository: string },
  locks: Lock[],
  images: BundledImage[],
): Promise<Map<string, string>> {
  const folder = pinsFolder(catalog);
  const documents = new Map([
    [LAYOUT, LAYOUT_TEXT],
    [INDEX, indexText(images)],
  ]);
  for (const lock of locks) {
    const { runtime } = lock;
    documents.set(`pins/${runtime}.lock.json`, await readFile(lockFile(folder, runtime), 'utf8'));
    for (const digest of evidenceOf(lock)) {
      const name = documentFile('pins', digest);
      documents.set(name, await readDocument(folder, digest));
    }
    if (await isRecordOf(catalog.repository, lock))
      documents.set(
        recordPath(runtime),
        await readFile(recordFile(catalog.repository, runtime), 'utf8'),
      );
  }
  for (const { digest, text } of images.flatMap(manifestsOf)) documents.set(blobPath(digest), text);
  return documents;
}

/** Digests of the documents that a lock names. */
function evidenceOf({ images }: Lock): string[] {
  const platforms = [images.runtime, images.build].flatMap((image) =>
    Object.values(image?.platforms ?? {}),
  );
  const digests = platforms.flatMap(({ digest, sbom, conformance }) => [
    digest,
    sbom,
    ...(conformance.verdict === 'passed' ? [conformance.report] : []),
  ]);
  return [...new Set(digests)].sort();
}

/** The last build here may be of other images than those that are pinned. */
async function isRecordOf(repository: string, { runtime, images }: Lock): Promise<boolean> {
  const record = await readRecord(repository, runtime);
  return Object.values(images.runtime.platforms).some(
    ({ imageId }) => imageId === record?.images.runtime.id,
  );
}

/** What tools that know OCI layouts see: each image by the name and version that it has in a registry. */
function indexText(images: BundledImage[]): string {
  const manifests = images.map((image) => {
    const { mediaType, text } = manifestsOf(image).at(-1) as { mediaType: string; text: string };
    return {
      mediaType,
      digest: sha256(text),
      size: Buffer.byteLength(text),
      annotations: { 'org.opencontainers.image.ref.name': `${nameOf(image)}:${image.version}` },
    };
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }, null, 2);
}
