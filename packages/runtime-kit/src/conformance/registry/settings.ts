import type { Manifest } from '../../manifest/schema.js';

/** How a manifest says that phases are told about a private registry. */
export type PrivateRegistryFacts = NonNullable<Manifest['conformance']['privateRegistry']>;

/** The registry's name; manifests may rely on it where a setting is named after the host. */
export const REGISTRY_HOST = 'packages.test';
/** Where the files of an access are mounted. */
export const REGISTRY_FILES = '/run/private-registry';
const AUTHORITY_FILE = 'authority.crt';

export interface Endpoint {
  port: number;
  user: string;
  password: string;
  /** PEM text of the authority that signed the registry's certificate. */
  authority: string;
}

/** What is left out or added; by default phases get all they need and the registry has all packages. */
export interface AccessOptions {
  credentials?: boolean;
  authority?: boolean;
  /** Only packages of one scope come from the registry. */
  scope?: boolean;
}

/** Environment and mounted files of a phase that uses the registry. */
export function registrySettings(
  facts: PrivateRegistryFacts,
  { port, user, password, authority }: Endpoint,
  options: AccessOptions = {},
): { env: Record<string, string>; files: Record<string, string> } {
  const { credentials = true, authority: trusts = true, scope = false } = options;
  const values: Record<string, string> = {
    REGISTRY_URL: `https://${REGISTRY_HOST}:${port}`,
    REGISTRY_ADDRESS: `${REGISTRY_HOST}:${port}`,
    REGISTRY_HOST,
    REGISTRY_FILES,
    REGISTRY_USER: user,
    REGISTRY_PASSWORD: password,
  };
  const filled = (texts: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        text.replaceAll(/\$\((REGISTRY_\w+)\)/g, (whole, value: string) => values[value] ?? whole),
      ]),
    );
  return {
    env: {
      ...filled(facts.env),
      ...(scope ? filled(facts.scope ?? {}) : {}),
      ...(trusts ? { SSL_CERT_FILE: `${REGISTRY_FILES}/${AUTHORITY_FILE}` } : {}),
    },
    files: {
      ...filled(facts.files),
      ...(credentials ? filled(facts.credentials) : {}),
      ...(trusts ? { [AUTHORITY_FILE]: authority } : {}),
    },
  };
}
