import { trustedCaFile } from '../base/index.js';
import type { Catalog } from '../catalog/index.js';
import {
  type Credentials,
  credentialsFor,
  RegistryClient,
  type RetryOptions,
} from '../registry/index.js';

/**
 * A client with the credentials and the trust of this machine and repository.
 *
 * @throws RuntimeKitError CREDENTIALS_UNREADABLE
 */
export async function openRegistry(
  host: string,
  { repository, config }: Catalog & { repository: string },
  retry: RetryOptions = {},
): Promise<{ client: RegistryClient; credentials: Credentials }> {
  const credentials = await credentialsFor(host);
  const bundle = trustedCaFile(config.trustedCa, repository);
  return { client: new RegistryClient(host, { credentials, bundle, retry }), credentials };
}
