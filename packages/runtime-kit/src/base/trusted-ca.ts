import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Engine, type FileEntry, packFiles } from '../engine/index.js';
import { messageOf, RuntimeKitError } from '../errors.js';

/** Where systems keep the bundle that they trust: Debian and Alpine, Red Hat, macOS and BSD. */
const HOST_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** What the TRUSTED_CA build argument is where nothing is to be mounted. */
export const NO_CA = 'scratch';

/**
 * The bundle that build steps trust: the configured one, SSL_CERT_FILE, else the host's own, so that
 * a company's TLS proxy that the host trusts needs no setting.
 */
export function trustedCaFile(
  configured: string | undefined,
  repository: string,
): string | undefined {
  if (configured === 'off') return undefined;
  if (configured !== undefined) return resolve(repository, configured);
  const candidates = [process.env.SSL_CERT_FILE, ...HOST_BUNDLES];
  return candidates.find((file) => file !== undefined && existsSync(file));
}

/**
 * Puts the bundle, and other files, into an image that steps can mount: no layer of a result ever holds it, and the
 * engine need not be on this machine. Returns the value of the TRUSTED_CA build argument.
 *
 * @throws RuntimeKitError CA_UNREADABLE.
 */
export async function ensureTrustedCa(
  engine: Engine,
  prefix: string,
  file: string | undefined,
  others: FileEntry[] = [],
): Promise<string> {
  const ca = file === undefined ? [] : [{ path: 'ca.crt', content: await readBundle(file) }];
  const files = [...ca, ...others];
  if (files.length === 0) return NO_CA;
  const hash = createHash('sha256');
  for (const { content = '' } of files) hash.update(content);
  const name = `${prefix}/trusted-ca:${hash.digest('hex').slice(0, 12)}`;
  if (!(await engine.images.find(name))) await engine.images.import(packFiles(files), name);
  return name;
}

async function readBundle(file: string): Promise<Buffer> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new RuntimeKitError('CA_UNREADABLE', `cannot read ${file}: ${messageOf(error)}`, {
      hint: 'trustedCa in runtime-kit.config.yaml, or SSL_CERT_FILE, names a PEM file; trustedCa: off uses none',
      cause: error,
    });
  });
  if (content.includes('-----BEGIN CERTIFICATE-----')) return content;
  throw new RuntimeKitError('CA_UNREADABLE', `${file} holds no PEM certificate`, {
    hint: 'trustedCa in runtime-kit.config.yaml, or SSL_CERT_FILE, names a PEM file',
  });
}
