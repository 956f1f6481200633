import { broken } from './broken.js';
import { HttpError } from './http-error.js';

const REQUIRED = ['id', 'source', 'specversion', 'type'];

/**
 * A CloudEvents 1.0 event: its attributes, and for structured mode its data.
 *
 * @param document the parsed body of application/cloudevents+json, else undefined
 * @throws HttpError 400 where a required attribute is missing
 */
export function cloudEventOf(request, document) {
  if (document !== undefined) return structured(document);
  if (broken('no-cloudevents')) return undefined;
  if (request.headers['ce-specversion'] === undefined)
    return broken('cloudevent-always-there') ? { attributes: {} } : undefined;
  const attributes = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decoded(value);
  requireAttributes(attributes);
  return { attributes };
}

function decoded(value) {
  if (broken('ce-values-left-encoded')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not encoded at all
  }
}

function structured(document) {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new HttpError(
      broken('structured-list-is-500') ? 500 : 400,
      'Malformed CloudEvent: it is no JSON object',
    );
  const { data, data_base64: base64, ...attributes } = document;
  requireAttributes(attributes);
  return { structured: true, attributes, data: dataOf(data, base64) };
}

function dataOf(data, base64) {
  if (base64 !== undefined && typeof base64 !== 'string')
    throw new HttpError(400, 'Malformed CloudEvent: data_base64 is no string');
  if (base64 !== undefined && !isBase64(base64) && !broken('base64-read-leniently'))
    throw new HttpError(400, 'Malformed CloudEvent: data_base64 is no base64');
  if (base64 !== undefined && !broken('data-base64-ignored')) return Buffer.from(base64, 'base64');
  return broken('structured-data-as-text') ? JSON.stringify(data) : data;
}

/** Buffer.from leaves out what is no base64. */
function isBase64(text) {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function requireAttributes(attributes) {
  const asked = broken('specversion-unchecked') ? ['id', 'source', 'type'] : REQUIRED;
  const missing = asked.filter((name) => !attributes[name]);
  if (missing.length === 0) return;
  throw new HttpError(400, `Malformed CloudEvent: ${missing.join(', ')} missing`);
}
