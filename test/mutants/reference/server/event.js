import { broken } from './broken.js';
import { cloudEventOf } from './cloudevents.js';
import { HttpError } from './http-error.js';

const TEXT = /^(text\/.*|application\/x-www-form-urlencoded|application\/xml|.*\+xml)$/;
/** The 32 characters in which windows-1252 is not iso-8859-1: Node 20 decodes both alike. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const STRUCTURED = 'application/cloudevents+json';

/** The function's event, of a request and its body. @throws HttpError 400 for a bad body. */
export function eventOf(request, response, body, signal) {
  const { type, charset } = contentType(request.headers['content-type']);
  const cloudEvent = cloudEventOf(request, type === STRUCTURED ? parseJson(body) : undefined);
  const data = cloudEvent?.structured
    ? cloudEvent.data
    : dataOf(
        body,
        broken('json-needs-exact-type') ? request.headers['content-type'] : type,
        charset,
      );
  const header = (name) => (broken('event-headers-ignored') ? undefined : request.headers[name]);
  const attributes = cloudEvent?.attributes;
  return {
    data,
    'event-id': header('event-id') ?? attributes?.id,
    'event-type': header('event-type') ?? attributes?.type,
    'event-time': header('event-time') ?? attributes?.time,
    'event-namespace': header('event-namespace') ?? attributes?.source,
    extensions: { request, response, rawBody: body, signal, cloudevent: attributes },
  };
}

function contentType(header = '') {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.find((part) => /^charset=/i.test(part));
  return {
    type: type.toLowerCase(),
    charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8',
  };
}

function dataOf(body, type, charset) {
  if (body === undefined) return broken('empty-is-string') ? '' : undefined;
  if (type === 'application/json' || (type.endsWith('+json') && !broken('no-plus-json')))
    return parseJson(body);
  if (type === '' || TEXT.test(type))
    return decode(body, broken('charset-ignored') ? 'utf-8' : charset.toLowerCase());
  if (type.startsWith('multipart/')) return undefined;
  if (broken('binary-as-text')) return body.toString();
  if (broken('binary-byte-changed') && body.length > 200) body[200] ^= 1;
  return body;
}

function decode(body, charset) {
  const text = new TextDecoder(charset).decode(body);
  if (charset !== 'windows-1252') return text;
  return text.replaceAll(/[\u0080-\u009f]/g, (one) => WINDOWS_1252[one.charCodeAt(0) - 0x80]);
}

function parseJson(body) {
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new HttpError(broken('bad-json-500') ? 500 : 400, `Malformed JSON: ${error.message}`);
  }
}
