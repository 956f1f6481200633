import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import createError from 'http-errors';
import getRawBody from 'raw-body';

const MEBIBYTE = 1024 * 1024;

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/**
 * The whole body, decompressed.
 *
 * @throws an error with status 413 as soon as the limit is passed, 415 for an unknown content
 *   encoding, 400 for a body that ends early or cannot be decompressed
 */
export async function readBody(request: IncomingMessage, limitMiB: number): Promise<Buffer> {
  const tooLarge = tooLargeError('REQ_MB_LIMIT', limitMiB);
  const limit = Math.floor(limitMiB * MEBIBYTE);
  const length = request.headers['content-length'];
  if (Number(length) > limit) throw tooLarge;
  const { stream, exact } = decompressed(request);
  try {
    return await getRawBody(stream, { limit, length: exact ? (length ?? null) : null });
  } catch (error) {
    if (stream !== request) request.unpipe().pause();
    if ((error as { type?: unknown }).type === 'entity.too.large') throw tooLarge;
    throw createError(400, error as Error, { expose: true });
  }
}

function decompressed(request: IncomingMessage): { stream: Readable; exact: boolean } {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  switch (encoding) {
    case 'identity':
      return { stream: request, exact: true };
    case 'gzip':
    case 'x-gzip':
      return { stream: request.pipe(createGunzip()), exact: false };
    case 'deflate':
      return { stream: request.pipe(createInflate()), exact: false };
    case 'br':
      return { stream: request.pipe(createBrotliDecompress()), exact: false };
    default:
      throw createError(415, `Unsupported Content-Encoding: ${encoding}`);
  }
}

/**
 * Watches a body that the function reads itself.
 *
 * @throws an error with status 413 for a declared length over the limit
 * @param onExcess is called once, when a body without a declared length passes the limit
 */
export function limitUnread(
  request: IncomingMessage,
  limitMiB: number,
  onExcess: (error: Error) => void,
): void {
  const tooLarge = tooLargeError('REQ_MULTIPART_MB_LIMIT', limitMiB);
  let left = limitMiB * MEBIBYTE;
  if (Number(request.headers['content-length']) > left) throw tooLarge;
  // Node's parser hands every chunk to `push`: counting there leaves the stream unread.
  const push = request.push;
  request.push = (chunk, encoding) => {
    if (chunk) {
      const before = left;
      left -= chunk.length;
      if (left < 0 && before >= 0) onExcess(tooLarge);
      if (left < 0) return true; // the reader gets no more of it
    }
    return push.call(request, chunk, encoding);
  };
}

function tooLargeError(name: string, limitMiB: number): Error {
  return createError(413, `Request body exceeds ${name}=${limitMiB} MiB`);
}
