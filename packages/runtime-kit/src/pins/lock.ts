import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits');
const hash = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits');
const count = z.int().nonnegative();

const passed = z.strictObject({
  verdict: z.literal('passed'),
  report: digest.describe('Of the report, in evidence/HEX.json'),
  suite: hash.describe('sha256 over the rules and the fixtures that were used'),
  verifiedAt: z.iso.datetime(),
  rules: z.strictObject({
    passed: count,
    skipped: count,
    gap: count.describe('Broken, as the manifest declares'),
    inapplicable: count.describe('Asking nothing of this language'),
  }),
  casesSkipped: count.describe('Of rules whose other cases passed; the report says why'),
});

const unverified = z.strictObject({
  verdict: z.literal('unverified'),
  reason: z.string().min(1).describe('What the pin would have been refused for'),
});

const platform = z.strictObject({
  digest: digest.describe("The registry's, of this platform's manifest, in evidence/HEX.json"),
  sizeBytes: count.describe('What a pull transfers: layers, compressed, and configuration'),
  imageId: digest.describe('The image by which the report speaks of it'),
  inputHash: hash.describe('sha256 over the files that it was built of'),
  baseDigest: digest.describe('Of the base image that it was built on'),
  revision: z.string().describe('The commit that it was built of'),
  conformance: z.discriminatedUnion('verdict', [passed, unverified]),
  sbom: digest.describe('Of the CycloneDX document, in evidence/HEX.json'),
});

const image = z.strictObject({
  reference: z.string().min(1).describe('HOST/PREFIX/NAME, without tag and digest'),
  digest: digest.describe('What to deploy: REFERENCE@DIGEST serves every platform below'),
  platforms: z
    .record(z.string().regex(/^[a-z0-9]+\/[a-z0-9/]+$/, 'OS/ARCHITECTURE'), platform)
    .refine((all) => Object.keys(all).length > 0, 'one platform at least'),
});

/** `pins/<runtime>.lock.json`: which images a platform may run as a runtime, and why. */
export const lockSchema = z.strictObject({
  apiVersion: z.literal('runtime-kit/v1'),
  kind: z.literal('Pin'),
  runtime: z.string().min(1).describe("Kubeless's runtime id: language and version"),
  language: z.string().min(1),
  version: z.string().min(1),
  contract: z.int().positive().describe('Version of the runtime contract'),
  images: z.strictObject({
    runtime: image,
    build: image.optional().describe('Where the language has phases'),
  }),
  pinnedAt: z.iso.datetime(),
  integrity: digest.describe('sha256 over all else, as canonical JSON (RFC 8785)'),
});

/** What a lock says of images, before it is dated and sealed. */
export const contentSchema = lockSchema.omit({ pinnedAt: true, integrity: true });

export type Lock = z.infer<typeof lockSchema>;
export type LockContent = z.infer<typeof contentSchema>;
export type LockedImage = z.infer<typeof image>;
export type LockedPlatform = z.infer<typeof platform>;
export type LockedVerdict = LockedPlatform['conformance'];

/** A lock with the digest over all its content. */
export function sealed(content: Omit<Lock, 'integrity'>): Lock {
  return { ...content, integrity: sha256(canonical(content)) };
}

/** Whether it is as it was sealed: an edit by hand does not fit the digest any more. */
export function isSealed({ integrity, ...content }: Lock): boolean {
  return sealed(content).integrity === integrity;
}

/** One text for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? '';
}

/** As registries write it: `sha256:` and 64 hexadecimal digits. */
export function sha256(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
