import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import createError from 'http-errors';
import getRawBody from 'raw-body';
import type { Config } from '../config.js';
import { bodyKind } from './content-type.js';

type BodyLimits = Pick<Config, 'bodyLimitMiB' | 'multipartLimitMiB'>;

const MEBIBYTE = 1024 * 1024;

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/** Whether a body declares to be larger than what is accepted, so that it need not be sent at all. */
export function isTooLarge({ headers }: IncomingMessage, limits: BodyLimits): boolean {
  const isMultipart = bodyKind(headers['content-type']) === 'multipart';
  const limitMiB = isMultipart ? limits.multipartLimitMiB : limits.bodyLimitMiB;
  return Number(headers['content-length']) > limitMiB * MEBIBYTE;
}

/**
 * The whole body, decompressed.
 *
 * @throws an error with status 413 as soon as the limit is passed, 415 for an unknown content
 *   encoding, 400 for a body that ends early or cannot be decompressed
 */
export async function readBody(request: IncomingMessage, limitMiB: number): Promise<Buffer> {
  const tooLarge = () => tooLargeError('REQ_MB_LIMIT', limitMiB);
  const limit = Math.floor(limitMiB * MEBIBYTE);
  const length = request.headers['content-length'];
  if (Number(length) > limit) throw tooLarge();
  const { stream, exact } = decompressed(request);
  try {
    return await getRawBody(stream, { limit, length: exact ? (length ?? null) : null });
  } catch (error) {
    if (stream !== request) {
      request.unpipe().pause();
      stream.destroy();
    }
    if ((error as { type?: unknown }).type === 'entity.too.large') throw tooLarge();
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
 * Lets a body through that the function reads itself. One without a declared length is first received,
 * into the request's own buffer and still unread, as its size decides whether there is a call.
 *
 * @throws an error with status 413 as soon as the limit is passed
 */
export async function admitUnread(request: IncomingMessage, limitMiB: number): Promise<void> {
  const tooLarge = () => tooLargeError('REQ_MULTIPART_MB_LIMIT', limitMiB);
  let left = limitMiB * MEBIBYTE;
  const length = request.headers['content-length'];
  if (Number(length) > left) throw tooLarge();
  if (length !== undefined) return;
  const push = request.push;
  await new Promise<void>((resolve, reject) => {
    request.once('close', () => reject(createError(400, 'request aborted')));
    request.push = (chunk, encoding) => {
      left -= chunk?.length ?? 0;
      if (left < 0) {
        reject(tooLarge());
        return true; // the rest is dropped
      }
      push.call(request, chunk, encoding);
      if (chunk === null) resolve();
      return true; // Node's parser stops reading where push answers false
    };
  });
}

function tooLargeError(name: string, limitMiB: number): Error {
  return createError(413, `Request body exceeds ${name}=${limitMiB} MiB`);
}
