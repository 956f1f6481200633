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
  if (request.headers['ce-specversion'] === undefined || broken('no-cloudevents')) return undefined;
  const attributes = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decodeURIComponent(value);
  requireAttributes(attributes);
  return { attributes };
}

function structured(document) {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new HttpError(400, 'Malformed CloudEvent: it is no JSON object');
  const { data, data_base64: base64, ...attributes } = document;
  requireAttributes(attributes);
  return {
    structured: true,
    attributes,
    data:
      base64 === undefined || broken('data-base64-ignored') ? data : Buffer.from(base64, 'base64'),
  };
}

function requireAttributes(attributes) {
  const missing = REQUIRED.filter((name) => !attributes[name]);
  if (missing.length === 0 || broken('cloudevents-unchecked')) return;
  throw new HttpError(400, `Malformed CloudEvent: ${missing.join(', ')} missing`);
}
