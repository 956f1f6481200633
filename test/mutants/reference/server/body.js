import { broken } from './broken.js';
import { HttpError } from './http-error.js';

const MIB = 1024 * 1024;

/** Reads a body up to the limit in MiB; undefined where there is none. @throws HttpError 413. */
export async function readBody(request, { bodyLimit, multipartLimit }) {
  const multipart = /^multipart\//i.test(request.headers['content-type'] ?? '');
  const limit = multipart && !broken('multipart-under-body-limit') ? multipartLimit : bodyLimit;
  const name = multipart ? 'REQ_MULTIPART_MB_LIMIT' : 'REQ_MB_LIMIT';
  const tooLarge = () => new HttpError(413, `Request body exceeds ${name}=${limit} MiB`);
  const bytes = bytesAllowed(limit, multipart);
  if (Number(request.headers['content-length'] ?? 0) > bytes && !broken('large-body-read'))
    throw tooLarge();
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bytes && !broken('no-chunked-limit') && !broken('large-body-read')) throw tooLarge();
    chunks.push(chunk);
  }
  if (size > bytes && !broken('no-chunked-limit')) throw tooLarge();
  return size === 0 ? undefined : Buffer.concat(chunks);
}

function bytesAllowed(limit, multipart) {
  if (broken('no-body-limit')) return Infinity;
  if (broken('no-multipart-limit') && multipart) return Infinity;
  if (broken('body-limit-fixed') && !multipart) return MIB;
  return limit * (broken('limit-in-megabytes') ? 1_000_000 : MIB);
}
