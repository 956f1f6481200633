import { RuntimeKitError } from '../errors.js';

/** Where images go: `HOST/PREFIX`, or HOST alone. */
export interface RegistryPlace {
  /** With its port where it has one. */
  host: string;
  /** Empty, or a path without slashes at its ends. */
  prefix: string;
}

const HOST =
  /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|\[[0-9a-f:]+\]|[a-z0-9-]+(?=:\d))(?::\d+)?$/i;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;

/** @throws RuntimeKitError USAGE */
export function registryPlace(text: string): RegistryPlace {
  const [host = '', ...path] = text.split('/');
  if (HOST.test(host) && path.every((part) => COMPONENT.test(part)))
    return { host, prefix: path.join('/') };
  throw new RuntimeKitError('USAGE', `--registry is "${text}"`, {
    hint: 'give HOST/PREFIX without a scheme, such as registry.example:5000/functions; a path is in lower case',
  });
}

/** `HOST/PREFIX/NAME` in its two parts, as the registry's API takes them. */
export function imageAt(reference: string): { host: string; repository: string } {
  const slash = reference.indexOf('/');
  return { host: reference.slice(0, slash), repository: reference.slice(slash + 1) };
}

/** What an engine takes for loopback, where it lets a registry do without TLS. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}
