import { evidenceSchema } from '../build/index.js';
import { messageOf, RuntimeKitError } from '../errors.js';
import { isImage, manifestFacts } from '../registry/index.js';
import { indexOf } from './index-manifest.js';
import { canonical, type Lock, type LockedImage, type LockedPlatform } from './lock.js';
import { casesSkipped, objections } from './objections.js';
import { lockFiles, readDocument, readLock } from './store.js';

/** What a pin is worth by the files alone. */
export interface PinCheck {
  file: string;
  runtime: string | undefined;
  status: 'proved' | 'unverified' | 'broken';
  /** Why it is broken, or what it was pinned in spite of. */
  problems: string[];
}

/** Follows each lock of a folder from digest to report, without a network. */
export async function checkPins(folder: string): Promise<PinCheck[]> {
  return Promise.all((await lockFiles(folder)).map((file) => checkPin(folder, file)));
}

async function checkPin(folder: string, file: string): Promise<PinCheck> {
  try {
    const lock = await readLock(file);
    if (!lock) return { file, runtime: undefined, status: 'broken', problems: ['it is gone'] };
    const problems = (await Promise.all(imagesOf(lock).map((one) => checkImage(folder, lock, one))))
      .flat()
      .sort();
    const { runtime } = lock;
    if (problems.length > 0) return { file, runtime, status: 'broken', problems };
    const doubts = doubtsOf(lock);
    return { file, runtime, status: doubts.length > 0 ? 'unverified' : 'proved', problems: doubts };
  } catch (error) {
    if (!(error instanceof RuntimeKitError)) throw error;
    return { file, runtime: undefined, status: 'broken', problems: [messageOf(error)] };
  }
}

function imagesOf({ images }: Lock): LockedImage[] {
  return [images.runtime, ...(images.build ? [images.build] : [])];
}

function doubtsOf(lock: Lock): string[] {
  const reasons = imagesOf(lock).flatMap(({ platforms }) =>
    Object.values(platforms).flatMap(({ conformance }) =>
      conformance.verdict === 'unverified' ? [conformance.reason] : [],
    ),
  );
  return [...new Set(reasons)];
}

async function checkImage(folder: string, lock: Lock, image: LockedImage): Promise<string[]> {
  const { reference, digest, platforms } = image;
  const manifests = new Map<string, string>();
  const problems = await Promise.all(
    Object.entries(platforms).map(async ([name, platform]) => {
      manifests.set(name, await readDocument(folder, platform.digest));
      const found = await checkPlatform(folder, lock, name, platform);
      return found.map((problem) => `${reference} for ${name}: ${problem}`);
    }),
  );
  const [only, ...others] = Object.values(platforms);
  const expected = others.length === 0 ? only?.digest : indexOf(manifests).digest;
  return [
    ...problems.flat(),
    ...(digest === expected ? [] : [`${reference}: ${digest} is not what serves its platforms`]),
  ];
}

async function checkPlatform(
  folder: string,
  lock: Lock,
  name: string,
  { digest, imageId, sizeBytes, sbom, conformance }: LockedPlatform,
): Promise<string[]> {
  const [text, bill] = await Promise.all([
    readDocument(folder, digest),
    readDocument(folder, sbom),
  ]);
  return [
    ...(isImage({ digest, text }, imageId) ? [] : [`${digest} is not the image ${imageId}`]),
    ...(manifestFacts(text)?.sizeBytes === sizeBytes ? [] : ['its size is another']),
    ...(subjectOf(bill) === imageId ? [] : ['its bill of materials is of another image']),
    ...(conformance.verdict === 'passed' ? await checkReport(folder, lock, name, conformance) : []),
  ];
}

async function checkReport(
  folder: string,
  { runtime, images }: Lock,
  name: string,
  claim: Extract<LockedPlatform['conformance'], { verdict: 'passed' }>,
): Promise<string[]> {
  const text = await readDocument(folder, claim.report);
  const { data } = evidenceSchema.safeParse(JSON.parse(text));
  if (!data) return ['its report is none, or of another version of runtime-kit'];
  const { failed: _, ...counted } = data.report.targets[0]?.summary ?? { failed: 0 };
  const agrees =
    data.runtime === runtime &&
    data.suite === claim.suite &&
    data.report.started === claim.verifiedAt &&
    canonical(counted) === canonical(claim.rules) &&
    casesSkipped(data.report) === claim.casesSkipped;
  const subject = {
    runtime: images.runtime.platforms[name]?.imageId ?? '',
    build: images.build?.platforms[name]?.imageId,
  };
  return [...objections(data, subject), ...(agrees ? [] : ['the report says something else'])];
}

/** The image that a CycloneDX document is about. */
function subjectOf(sbom: string): string | undefined {
  const { metadata } = JSON.parse(sbom) as { metadata?: { component?: { 'bom-ref'?: string } } };
  return metadata?.component?.['bom-ref'];
}
