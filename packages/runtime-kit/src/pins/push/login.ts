import type { PushLogin } from '../../engine/index.js';
import type { Credentials } from '../../registry/index.js';

/** Credentials as an engine takes them. */
export function loginOf(
  host: string,
  { username, password, identityToken, registryToken }: Credentials,
): PushLogin {
  return {
    serveraddress: host,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identityToken === undefined ? {} : { identitytoken: identityToken }),
    ...(registryToken === undefined ? {} : { registrytoken: registryToken }),
  };
}
