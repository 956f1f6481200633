import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { RuntimeKitError } from '../../errors.js';
import type { Lock } from '../lock.js';
import { documentFile, parseLock } from '../store.js';
import { checkPins } from '../verify.js';
import { writeFailure } from '../write.js';
import { eachEntry } from './entries.js';
import { type BundledImage, blobsOf, imagesOfLock, manifestsOf } from './images.js';
import { digestOfPath, invalidBundle, LAYOUT, LAYOUT_TEXT, runtimeOfLock, SUMS } from './layout.js';

export type { BundledImage } from './images.js';

/** Documents are for people: none is near this. */
const LARGEST_DOCUMENT = 64 * 2 ** 20;

/** A bundle of which every byte was held against its sum, and every pin against its evidence. */
export interface Bundle {
  file: string;
  locks: Lock[];
  images: BundledImage[];
  /** Text by path: all files but blobs. */
  documents: Map<string, string>;
}

/**
 * Reads a bundle to its end and checks all of it; nothing is written beside a folder for temporary files.
 *
 * @throws RuntimeKitError BUNDLE_INVALID
 */
export async function readBundle(file: string, signal?: AbortSignal): Promise<Bundle> {
  const { documents, sums, sizes } = await readFiles(file, signal);
  if (documents.get(LAYOUT) !== LAYOUT_TEXT)
    throw invalidBundle(file, 'it is no bundle, or of another version of runtime-kit');
  checkSums(file, documents.get(SUMS) ?? '', sums);
  await holdPins(file, documents);
  const locks: Lock[] = [];
  const images: BundledImage[] = [];
  for (const [path, text] of documents) {
    if (runtimeOfLock(path) === undefined) continue;
    const lock = parseLock(text, path);
    locks.push(lock);
    images.push(...(await imagesOfLock(lock, (digest) => document(file, documents, digest), file)));
  }
  if (locks.length === 0) throw invalidBundle(file, 'nothing is pinned in it');
  for (const image of images) requireBlobs(file, image, sizes);
  return { file, locks, images, documents };
}

/** Texts of documents, sums of all files by path, sizes of blobs by digest. */
async function readFiles(file: string, signal: AbortSignal | undefined) {
  const documents = new Map<string, string>();
  const sums = new Map<string, string>();
  const sizes = new Map<string, number>();
  await eachEntry(
    file,
    async ({ path, size, content }) => {
      const digest = digestOfPath(path);
      if (digest === undefined && size > LARGEST_DOCUMENT)
        throw invalidBundle(file, `${path} has ${size} bytes, which no document has`);
      const hash = createHash('sha256');
      const chunks: Buffer[] = [];
      for await (const chunk of content) {
        hash.update(chunk);
        if (digest === undefined) chunks.push(chunk);
      }
      const sum = hash.digest('hex');
      if (sums.has(path)) throw invalidBundle(file, `it has ${path} twice`);
      sums.set(path, sum);
      if (digest === undefined) documents.set(path, Buffer.concat(chunks).toString());
      else if (digest !== `sha256:${sum}`)
        throw invalidBundle(file, `${path} was changed: its sha256 is ${sum}`);
      else sizes.set(digest, size);
    },
    signal,
  );
  return { documents, sums, sizes };
}

/** An archive that ends early ends without its sums. */
function checkSums(file: string, text: string, sums: Map<string, string>): void {
  if (text === '') throw invalidBundle(file, `it has no ${SUMS}: is it whole?`);
  const said = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  for (const [path, sum] of sums)
    if (path !== SUMS && said.get(path) !== sum)
      throw invalidBundle(file, `${path} is not what ${SUMS} says`);
  for (const path of said.keys())
    if (!sums.has(path)) throw invalidBundle(file, `${path} is missing`);
}

async function document(
  file: string,
  documents: Map<string, string>,
  digest: string,
): Promise<string> {
  const text = documents.get(documentFile('pins', digest));
  if (text === undefined) throw invalidBundle(file, `the evidence ${digest} is missing`);
  return text;
}

/** As `pin verify` does, which reads files. */
async function holdPins(file: string, documents: Map<string, string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'runtime-kit-bundle-'));
  try {
    for (const [path, text] of documents) {
      if (!path.startsWith('pins/')) continue;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const checks = await checkPins(join(folder, 'pins'));
    const broken = checks.filter(({ status }) => status === 'broken');
    if (broken.length > 0)
      throw invalidBundle(
        file,
        broken.map((one) => `${basename(one.file)}: ${one.problems.join('; ')}`).join('; '),
      );
  } catch (error) {
    throw error instanceof RuntimeKitError ? error : writeFailure(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireBlobs(file: string, image: BundledImage, sizes: Map<string, number>): void {
  const manifests = manifestsOf(image).map(({ digest, text }) => ({
    digest,
    size: Buffer.byteLength(text),
  }));
  for (const { digest, size } of [...blobsOf(image), ...manifests])
    if (sizes.get(digest) !== size)
      throw invalidBundle(
        file,
        `${image.runtime}: the blob ${digest} is missing or of another size`,
      );
}
