import { isUtf8 } from 'node:buffer';
import { broken } from './broken.js';
import { cloudEventOf } from './cloudevents.js';
import { HttpError } from './http-error.js';

const TEXT = /^(text\/.*|application\/x-www-form-urlencoded)$/;
const XML = /^(application\/xml|.*\+xml)$/;
/** The 32 characters in which windows-1252 is not iso-8859-1: Node 20 decodes both alike. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** JSON.stringify fails on values that nest some thousand times; JSON.parse makes them. */
const DEEPEST = 1000;
const STRUCTURED = 'application/cloudevents+json';

/** The function's event, of a request and its body. @throws HttpError 400 for a bad body. */
export function eventOf(request, response, body, signal) {
  const header = request.headers['content-type'];
  const { type, charset } = contentType(header);
  const wanted = broken('structured-needs-exact-type') ? header : type;
  const cloudEvent = cloudEventOf(request, wanted === STRUCTURED ? parseJson(body) : undefined);
  const data = cloudEvent?.structured ? cloudEvent.data : dataOf(body, type, charset, header);
  const attributes = cloudEvent?.attributes;
  return {
    data,
    ...attributesOf(request.headers, attributes),
    extensions: { request, response, rawBody: rawBody(body, type), signal, cloudevent: attributes },
  };
}

/** The event's own headers, and where they are silent the CloudEvent's attributes. */
function attributesOf(headers, { id, type, time, source } = {}) {
  const value = (name, attribute) => {
    if (broken('event-type-ignored') && name === 'event-type') return attribute;
    if (broken('cloudevent-comes-first')) return attribute ?? headers[name];
    return headers[name] ?? attribute ?? (broken('event-headers-never-absent') ? '' : undefined);
  };
  return {
    'event-id': value('event-id', id),
    'event-type': value('event-type', type),
    'event-time': value('event-time', time),
    'event-namespace': value('event-namespace', source),
  };
}

/** For the function's own tools: multipart is theirs to read. */
function rawBody(body, type) {
  if (broken('multipart-eaten') && type.startsWith('multipart/')) return undefined;
  if (broken('multipart-through-text')) return body && Buffer.from(body.toString());
  return body;
}

function contentType(header = '') {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.find((part) => /^charset=/i.test(part));
  return {
    type: type.toLowerCase(),
    charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8',
  };
}

function dataOf(body, type, charset, header) {
  if (body === undefined) return nothing(type);
  const isJson = (broken('json-needs-exact-type') ? header : type) === 'application/json';
  if (isJson || (type.endsWith('+json') && !broken('no-plus-json'))) return parseJson(body);
  const isText = TEXT.test(type) || (broken('xml-as-text') && XML.test(type));
  if ((type === '' && !broken('typeless-as-bytes')) || isText) return textOf(body, type, charset);
  if (type.startsWith('multipart/')) return undefined;
  return bytesOf(body);
}

function nothing(type) {
  if (broken('empty-json-refused') && type === 'application/json') return parseJson(Buffer.of());
  return broken('empty-is-string') ? '' : undefined;
}

function textOf(body, type, charset) {
  if (broken('form-parsed') && type.endsWith('-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body.toString()));
  return decode(body, broken('charset-ignored') ? 'utf-8' : charset);
}

function bytesOf(body) {
  if (broken('binary-as-text')) return body.toString();
  if (broken('binary-byte-changed') && body.length > 200) body[200] ^= 1;
  return broken('binary-cut') ? body.subarray(0, 64 * 1024) : body;
}

function decode(body, charset) {
  if (broken('text-as-latin1') && charset.toLowerCase() === 'utf-8') return body.toString('latin1');
  const text = decoderOf(charset).decode(body);
  if (charset.toLowerCase() !== 'windows-1252') return text;
  return text.replaceAll(/[\u0080-\u009f]/g, (one) => WINDOWS_1252[one.charCodeAt(0) - 0x80]);
}

function decoderOf(charset) {
  try {
    return new TextDecoder(charset);
  } catch {
    if (broken('unknown-charset-as-utf-8')) return new TextDecoder();
    const status = broken('unknown-charset-is-400') ? 400 : 415;
    throw new HttpError(status, `Unsupported charset: ${charset}`);
  }
}

function parseJson(body) {
  if (body === undefined) return undefined;
  const marked = body.toString(broken('json-as-latin1') ? 'latin1' : 'utf-8');
  const text = broken('json-mark-refused') ? marked : marked.replace(/^\ufeff/, '');
  try {
    if (!isUtf8(body)) throw new Error('it is not UTF-8');
    if (depthOf(text) > DEEPEST) throw new Error('it nests too deeply');
    const value = JSON.parse(broken('json-read-leniently') ? text.replace(/,]|NaN/, ']') : text);
    if (broken('json-scalars-refused') && typeof value !== 'object') throw new Error('no object');
    return value;
  } catch (error) {
    if (broken('bad-json-reaches-function')) return text;
    throw new HttpError(broken('bad-json-500') ? 500 : 400, `Malformed JSON: ${error.message}`);
  }
}

/** How deep the brackets nest; those in strings count too, which does for a limit. */
function depthOf(text) {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) | 0x20; // [ and { differ in one bit, so do ] and }
    if (code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d) depth--;
  }
  return deepest;
}
