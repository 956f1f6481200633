import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Engine, packFiles } from '../engine/index.js';
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
 * Puts the bundle into an image that steps can mount: no layer of a result ever holds it, and the
 * engine need not be on this machine. Returns the value of the TRUSTED_CA build argument.
 *
 * @throws RuntimeKitError CA_UNREADABLE.
 */
export async function ensureTrustedCa(
  engine: Engine,
  prefix: string,
  file: string | undefined,
): Promise<string> {
  if (file === undefined) return NO_CA;
  const content = await readBundle(file);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const name = `${prefix}/trusted-ca:${hash}`;
  if (!(await engine.images.find(name)))
    await engine.images.import(packFiles([{ path: 'ca.crt', content }]), name);
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
