import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici';
import { messageOf, RuntimeKitError } from '../errors.js';
import { codeOf, failureOfConnection } from './failure.js';
import { isLoopback } from './place.js';

/** How a registry is reached. */
export interface Connection {
  /** `https://HOST`, or for loopback perhaps `http://HOST`. */
  origin: string;
  dispatcher: Dispatcher;
}

const PATIENCE_MS = 30_000;

/**
 * HTTPS, verified by the CAs of `bundle` and of NODE_EXTRA_CA_CERTS, else by Node's own. A registry on a
 * loopback address may speak plain HTTP, as engines allow it there.
 *
 * @throws RuntimeKitError CA_UNREADABLE, REGISTRY_UNTRUSTED, REGISTRY_UNREACHABLE
 */
export async function connectTo(host: string, bundle: string | undefined): Promise<Connection> {
  const dispatcher = newDispatcher(host, trusted(bundle));
  const secure = { origin: `https://${host}`, dispatcher };
  if (!isLoopback(host)) return secure;
  try {
    const { body } = await request(`${secure.origin}/v2/`, { dispatcher });
    await body.dump();
    return secure;
  } catch (error) {
    const isPlain = /^(?:EPROTO|ERR_SSL_)/.test(codeOf(error) ?? '');
    if (isPlain) return { origin: `http://${host}`, dispatcher };
    throw failureOfConnection(host, error);
  }
}

function newDispatcher(host: string, ca: string[] | undefined): Dispatcher {
  const connect = { ...(ca ? { ca } : {}), timeout: PATIENCE_MS };
  const timeouts = { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS };
  const { HTTPS_PROXY, https_proxy } = process.env;
  const isProxied = Boolean(HTTPS_PROXY ?? https_proxy) && !isLoopback(host);
  const agent = isProxied
    ? new EnvHttpProxyAgent({ connect, requestTls: connect, ...timeouts })
    : new Agent({ connect, ...timeouts });
  // Credentials do not go along to another host.
  return agent.compose(interceptors.redirect({ maxRedirections: 5 }));
}

function trusted(bundle: string | undefined): string[] | undefined {
  const files = [bundle, process.env.NODE_EXTRA_CA_CERTS].filter((file) => file !== undefined);
  const texts = [...new Set(files)].filter((file) => file !== '').map(readBundle);
  if (texts.length === 0) return undefined;
  return bundle === undefined ? [...rootCertificates, ...texts] : texts;
}

function readBundle(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RuntimeKitError('CA_UNREADABLE', `cannot read ${file}: ${messageOf(error)}`, {
      hint: 'trustedCa in runtime-kit.config.yaml, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS name PEM files',
      cause: error,
    });
  }
}
