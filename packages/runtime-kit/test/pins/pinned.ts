import { renderSbom } from '../../src/inventory/index.js';
import { indexOf } from '../../src/pins/index-manifest.js';
import {
  type Lock,
  type LockContent,
  type LockedImage,
  type LockedPlatform,
  sealed,
  sha256,
} from '../../src/pins/lock.js';
import { documentFile, lockFile } from '../../src/pins/store.js';
import { writeTogether } from '../../src/pins/write.js';
import { toyFacts } from '../conformance/toy-facts.js';
import { type ProofOf, proofOf } from '../support/proof.js';
import { folderOf } from '../support/toy.js';

export const id = (digit: string): string => `sha256:${digit.repeat(64)}`;

const BOTH = { 'linux/amd64': { runtime: id('a'), build: id('b') } };

export interface PinnedOptions {
  /** Image ids by platform. */
  platforms?: Record<string, { runtime: string; build: string }>;
  report?: Partial<ProofOf>;
  verdict?: LockedPlatform['conformance'];
}

/** A folder with one pin, sound in every way unless the options say otherwise. */
export async function pinned({ platforms = BOTH, report = {}, verdict }: PinnedOptions = {}) {
  const folder = await folderOf({});
  const documents = new Map<string, string>();
  const keep = (text: string): string => {
    const digest = sha256(text);
    documents.set(digest, text);
    return digest;
  };
  const image = (kind: 'runtime' | 'build'): LockedImage => {
    const entries = Object.entries(platforms).map(([name, ids]) => {
      const proof = proofOf({
        runtime: 'toy1.10',
        imageId: ids.runtime,
        buildImageId: ids.build,
        suite: '5'.repeat(64),
        facts: toyFacts(),
        ...report,
      });
      const { failed: _, ...rules } = proof.report.targets[0]?.summary ?? { failed: 0 };
      const passed = {
        verdict: 'passed',
        report: keep(JSON.stringify(proof)),
        suite: proof.suite,
        verifiedAt: proof.report.started,
        rules,
        casesSkipped: 0,
      } as LockedPlatform['conformance'];
      const platform: LockedPlatform = {
        digest: keep(manifestText(ids[kind])),
        sizeBytes: 33,
        imageId: ids[kind],
        inputHash: '1'.repeat(64),
        baseDigest: id('2'),
        revision: 'unknown',
        conformance: verdict ?? passed,
        sbom: keep(sbomText(ids[kind])),
      };
      return [name, platform] as const;
    });
    const texts = entries.map(([name, { digest }]) => [name, documents.get(digest) ?? ''] as const);
    const [first] = entries;
    const digest = entries.length === 1 ? first?.[1].digest : keep(indexOf(new Map(texts)).text);
    const reference = `registry.example/f/toy${kind === 'build' ? '-build' : ''}`;
    return { reference, digest: digest ?? '', platforms: Object.fromEntries(entries) };
  };
  const content: LockContent = {
    apiVersion: 'runtime-kit/v1',
    kind: 'Pin',
    runtime: 'toy1.10',
    language: 'toy',
    version: '1.10',
    contract: 1,
    images: { runtime: image('runtime'), build: image('build') },
  };
  const lock = sealed({ ...content, pinnedAt: '2026-01-02T03:04:05.678Z' });
  const write = (changed: Lock) =>
    writeTogether(new Map([[lockFile(folder, 'toy1.10'), JSON.stringify(changed)]]));
  await write(lock);
  await writeTogether(
    new Map([...documents].map(([digest, text]) => [documentFile(folder, digest), text])),
  );
  return { folder, lock, documents, write };
}

function manifestText(imageId: string): string {
  return JSON.stringify({
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { digest: imageId, size: 11 },
    layers: [{ digest: id('9'), size: 22 }],
  });
}

function sbomText(imageId: string): string {
  const packages = ['pkg:deb/debian/libc6@2.41'];
  const builtAt = '2026-01-02T03:04:05.678Z';
  return renderSbom({ name: 'toy', version: '1.10', id: imageId, packages, builtAt });
}
