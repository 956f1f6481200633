import { isUtf8 } from 'node:buffer';
import createError from 'http-errors';

export type BodyKind = 'json' | 'cloudevent' | 'text' | 'multipart' | 'bytes';

/** What the Content-Type header says of a body; without the header it is text. */
export function bodyKind(contentType: string | undefined): BodyKind {
  if (!contentType) return 'text';
  const [type = ''] = contentType.split(';', 1);
  const name = type.trim().toLowerCase();
  if (name === 'application/json') return 'json';
  if (name === 'application/cloudevents+json') return 'cloudevent';
  if (name.endsWith('+json')) return 'json';
  if (name.startsWith('text/') || name === 'application/x-www-form-urlencoded') return 'text';
  return name.startsWith('multipart/') ? 'multipart' : 'bytes';
}

/** @throws an error with status 415 for a charset that is not known */
export function decodeText(body: Buffer, contentType: string | undefined): string {
  const charset = charsetOf(contentType);
  if (charset === 'utf-8') return body.toString();
  try {
    const decoder = new TextDecoder(charset);
    return decoder.encoding === 'windows-1252' ? decodeWindows1252(body) : decoder.decode(body);
  } catch {
    throw createError(415, `Unsupported charset: ${namedCharset(contentType)}`);
  }
}

/** Characters 0x80 to 0x9f of windows-1252; the others are those of ISO 8859-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Node 20's TextDecoder takes windows-1252 for ISO 8859-1. */
function decodeWindows1252(body: Buffer): string {
  return body
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] as string);
}

/** As the client wrote it. */
function namedCharset(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
}

function charsetOf(contentType: string | undefined): string {
  const name = namedCharset(contentType)?.toLowerCase() ?? 'utf-8';
  return name === 'utf8' ? 'utf-8' : name;
}

/**
 * JSON.parse makes values that nest without end; JSON.stringify, and most functions that walk through
 * one, run out of stack at some thousand levels.
 */
const DEEPEST = 1000;

/** @throws an error with status 400 that says why the body is no JSON; 415 as `decodeText` */
export function decodeJson(body: Buffer, contentType: string | undefined): unknown {
  if (charsetOf(contentType) === 'utf-8' && !isUtf8(body)) throw malformed('it is not valid UTF-8');
  const text = decodeText(body, contentType);
  if (mayNestTooDeeply(text)) throw malformed('it nests too deeply');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

/** By its brackets alone, those in strings included: only a document made for it has so many open. */
function mayNestTooDeeply(text: string): boolean {
  if (text.length < 2 * DEEPEST) return false;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const bracket = text.charCodeAt(at) | 0x20; // [ and { differ in one bit, so do ] and }
    if (bracket === 0x7b && ++open > DEEPEST) return true;
    if (bracket === 0x7d) open--;
  }
  return false;
}

function malformed(reason: string): Error {
  return createError(400, `Malformed JSON: ${reason}`);
}
