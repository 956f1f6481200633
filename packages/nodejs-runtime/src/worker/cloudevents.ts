import type { IncomingHttpHeaders } from 'node:http';
import createError from 'http-errors';

export type Attributes = Readonly<Record<string, unknown>>;

const REQUIRED = ['id', 'source', 'specversion', 'type'] as const;

export interface CloudEvent {
  attributes: Attributes;
  data: unknown;
}

/**
 * Takes an event in structured mode apart; `data_base64` becomes a Buffer.
 *
 * @throws an error with status 400 that says what is missing or wrong
 */
export function unpackStructured(value: unknown): CloudEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw createError(400, 'Malformed CloudEvent: the body is not a JSON object');
  const { data, data_base64: base64, ...attributes } = value as Record<string, unknown>;
  for (const name of REQUIRED)
    if (typeof attributes[name] !== 'string' || attributes[name] === '')
      throw createError(400, `Malformed CloudEvent: the attribute "${name}" is missing`);
  if (base64 === undefined) return { attributes, data };
  if (!isBase64(base64)) throw createError(400, 'Malformed CloudEvent: data_base64 is not base64');
  return { attributes, data: Buffer.from(base64, 'base64') };
}

/** Node decodes whatever it is given, and leaves out what is no base64. */
function isBase64(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
  );
}

/** The `ce-*` headers of binary mode by their names without the prefix; undefined without any. */
export function binaryAttributes(headers: IncomingHttpHeaders): Attributes | undefined {
  const attributes: Record<string, unknown> = {};
  for (const name in headers)
    if (name.startsWith('ce-')) attributes[name.slice(3)] = binaryAttribute(headers, name);
  return Object.keys(attributes).length > 0 ? attributes : undefined;
}

/** Header values are percent-encoded by the CloudEvents HTTP binding. */
export function binaryAttribute(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || !value.includes('%')) return value as string | undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
