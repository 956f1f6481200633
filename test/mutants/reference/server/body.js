import { broken } from './broken.js';
import { HttpError } from './http-error.js';

const MIB = 1024 * 1024;

/** Reads a body up to the limit in MiB; undefined where there is none. @throws HttpError 413. */
export async function readBody(request, { bodyLimit, multipartLimit }) {
  const multipart = /^multipart\//i.test(request.headers['content-type'] ?? '');
  const limit = multipart ? multipartLimit : bodyLimit;
  const name = multipart ? 'REQ_MULTIPART_MB_LIMIT' : 'REQ_MB_LIMIT';
  const tooLarge = () => new HttpError(413, `Request body exceeds ${name}=${limit} MiB`);
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limit * MIB && !broken('no-body-limit')) throw tooLarge();
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit * MIB && !broken('no-body-limit') && !broken('no-chunked-limit'))
      throw tooLarge();
    chunks.push(chunk);
  }
  return size === 0 ? undefined : Buffer.concat(chunks);
}
