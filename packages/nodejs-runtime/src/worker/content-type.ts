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
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return body.toString();
  try {
    const decoder = new TextDecoder(charset);
    return decoder.encoding === 'windows-1252' ? decodeWindows1252(body) : decoder.decode(body);
  } catch {
    throw createError(415, `Unsupported charset: ${charset}`);
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

/** @throws an error with status 400 that says why the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw createError(400, `Malformed JSON: ${(error as Error).message}`);
  }
}
