import type { Challenge } from './challenge.js';
import type { Send } from './client.js';
import type { Credentials } from './credentials.js';
import { failureOfStatus, RegistryFailure } from './failure.js';
import { isLoopback } from './place.js';

/**
 * The Authorization header that answers a challenge: the credentials themselves, or a token that the
 * registry's token service gives for them. undefined where there are none to give.
 */
export async function authorize(
  challenge: Challenge,
  credentials: Credentials,
  { send, writes }: { send: Send; writes: boolean },
): Promise<string | undefined> {
  const { registryToken } = credentials;
  if (registryToken !== undefined) return `Bearer ${registryToken}`;
  if (challenge.scheme === 'basic') return basic(credentials);
  refuseOpenRealm(challenge.realm);
  const scope = writes ? challenge.scope?.replace(/:pull$/, ':pull,push') : challenge.scope;
  const { url, ask, authorization } = tokenRequest({ ...challenge, scope }, credentials);
  const answer = await send(url, ask, authorization);
  const service = new URL(challenge.realm).host;
  if (answer.status >= 300)
    throw failureOfStatus(`token service ${service}`, answer.status, undefined, answer.detail);
  return `Bearer ${tokenOf(answer.text, service)}`;
}

/** A registry must not have us send a password for all to read. */
function refuseOpenRealm(realm: string): void {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url?.protocol === 'https:') return;
  if (url?.protocol === 'http:' && isLoopback(url.host)) return;
  throw new RegistryFailure(
    'REGISTRY_REFUSED',
    `token service ${realm}: it is not reached by https`,
  );
}

function basic({ username, password }: Credentials): string | undefined {
  if (username === undefined || password === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A refresh token is exchanged by OAuth 2.0, a password by the older GET. */
function tokenRequest(
  { realm, service, scope }: Extract<Challenge, { scheme: 'bearer' }>,
  credentials: Credentials,
): { url: string; ask: Parameters<Send>[1]; authorization?: string } {
  const fields = {
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
  const { identityToken } = credentials;
  if (identityToken === undefined) {
    const url = new URL(realm);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    const authorization = basic(credentials);
    return { url: url.href, ask: { method: 'GET' }, ...(authorization ? { authorization } : {}) };
  }
  const body = new URLSearchParams({
    ...fields,
    grant_type: 'refresh_token',
    refresh_token: identityToken,
    client_id: 'runtime-kit',
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { url: realm, ask: { method: 'POST', headers, body: body.toString() } };
}

function tokenOf(text: string, service: string): string {
  try {
    const { token, access_token } = JSON.parse(text) as Record<string, unknown>;
    const found = token ?? access_token;
    if (typeof found === 'string') return found;
  } catch {
    // said below
  }
  throw new RegistryFailure(
    'REGISTRY_REFUSED',
    `token service ${service}: its answer has no token`,
  );
}
