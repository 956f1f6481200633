import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** PEM texts: a server's key and certificate, and the certificate of the authority that signed it. */
export interface ServerCertificate {
  key: string;
  certificate: string;
  authority: string;
}

/** Longer than any run, and than clocks go wrong. */
const VALID_MS = 24 * 60 * 60 * 1000;

/**
 * A certificate for a host name, signed by an authority made for it alone. Both carry the key
 * identifiers that strict clients ask for, and end at the same time.
 */
export async function certifyServer(
  host: string,
  notAfter = new Date(Date.now() + VALID_MS),
): Promise<ServerCertificate> {
  const [authority, server] = await Promise.all([newKeys(), newKeys()]);
  const name = `runtime-kit authority ${randomBytes(4).toString('hex')}`;
  const signed = (subject: string, keys: Keys, extensions: object[]): forge.pki.Certificate => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = keys.public;
    // A positive number: its first bit is not set.
    certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
    certificate.validity.notBefore = new Date(notAfter.getTime() - 2 * VALID_MS);
    certificate.validity.notAfter = notAfter;
    certificate.setSubject([{ name: 'commonName', value: subject }]);
    certificate.setIssuer([{ name: 'commonName', value: name }]);
    certificate.setExtensions([...extensions, { name: 'subjectKeyIdentifier' }]);
    certificate.sign(authority.private, forge.md.sha256.create());
    return certificate;
  };
  const root = signed(name, authority, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
  const leaf = signed(host, server, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: DNS_NAME, value: host }] },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: root.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  return {
    key: forge.pki.privateKeyToPem(server.private),
    certificate: forge.pki.certificateToPem(leaf),
    authority: forge.pki.certificateToPem(root),
  };
}

const DNS_NAME = 2;

interface Keys {
  private: forge.pki.rsa.PrivateKey;
  public: forge.pki.rsa.PublicKey;
}

/** Made by Node, in a tenth of the time and on another thread. */
async function newKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    private: forge.pki.privateKeyFromPem(privateKey),
    public: forge.pki.publicKeyFromPem(publicKey),
  };
}
