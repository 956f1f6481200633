import { RuntimeKitError } from '../../errors.js';

/** Names in a bundle, which is an OCI image layout (image specification 1.1) with pins and records beside it. */
export const LAYOUT = 'oci-layout';
export const INDEX = 'index.json';
/** Of all other files, as `sha256sum --check` reads it. */
export const SUMS = 'SHA256SUMS';

export const LAYOUT_TEXT = JSON.stringify({ imageLayoutVersion: '1.0.0' });

const HEX = '[0-9a-f]{64}';
const BLOB = new RegExp(`^blobs/sha256/(${HEX})$`);
const LOCK = /^pins\/([a-z0-9._-]+)\.lock\.json$/;
const EVIDENCE = new RegExp(`^pins/evidence/${HEX}\\.json$`);
const RECORD = /^records\/[a-z0-9._-]+\.json$/;

export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function recordPath(runtime: string): string {
  return `records/${runtime}.json`;
}

/** The digest that a blob goes by; undefined for other files. */
export function digestOfPath(path: string): string | undefined {
  const hex = BLOB.exec(path)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

/** The runtime of a lock file; undefined for other files. */
export function runtimeOfLock(path: string): string | undefined {
  return LOCK.exec(path)?.[1];
}

/** Whether a bundle has such a file: anything else might be meant for another place on the disk. */
export function isKnown(path: string): boolean {
  return (
    [LAYOUT, INDEX, SUMS].includes(path) ||
    [BLOB, LOCK, EVIDENCE, RECORD].some((pattern) => pattern.test(path))
  );
}

export function invalidBundle(file: string, reason: string, cause?: unknown): RuntimeKitError {
  return new RuntimeKitError('BUNDLE_INVALID', `${file}: ${reason}`, {
    hint: 'carry the file over again, or make it anew with `runtime-kit bundle create`',
    cause,
  });
}
