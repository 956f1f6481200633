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
    return new TextDecoder(charset).decode(body);
  } catch {
    throw createError(415, `Unsupported charset: ${charset}`);
  }
}

/** @throws an error with status 400 that says why the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw createError(400, `Malformed JSON: ${(error as Error).message}`);
  }
}
