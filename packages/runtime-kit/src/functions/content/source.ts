import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RuntimeKitError } from '../../errors.js';
import type { FunctionSource } from '../resource/describe.js';
import { download } from './download.js';
import { contentType, packingOf } from './kind.js';

/** What a cluster keeps of one object; a Function is sent to it whole. */
const MAX_TEXT_BYTES = 2 ** 20;

/**
 * `--from-file`: a file, an archive, or the URL of one, as a resource holds it.
 *
 * @throws RuntimeKitError USAGE, FUNCTION_INVALID, DOWNLOAD_FAILED
 */
export async function readSource(from: string, signal?: AbortSignal): Promise<FunctionSource> {
  if (/^https?:\/\//i.test(from)) return fromUrl(from, signal);
  const bytes = await readGiven(from, '--from-file');
  if (bytes.length === 0)
    throw new RuntimeKitError('FUNCTION_INVALID', `${from} is empty`, {
      hint: 'give a file with a function in it',
    });
  const packing = packingOf(from);
  const isText = packing === 'file' && isUtf8(bytes);
  const text = bytes.toString(isText ? 'utf8' : 'base64');
  if (text.length > MAX_TEXT_BYTES) throw tooLarge(from, text.length);
  return {
    function: text,
    'function-content-type': contentType(isText ? 'text' : 'base64', packing),
    checksum: checksumOf(bytes),
  };
}

/** `--dependencies`: a file or a URL. */
export async function readDependencies(from: string, signal?: AbortSignal): Promise<string> {
  const isAddress = /^https?:\/\//i.test(from);
  const bytes = await (isAddress ? download(from, signal) : readGiven(from, '--dependencies'));
  return bytes.toString();
}

export function checksumOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function fromUrl(url: string, signal: AbortSignal | undefined): Promise<FunctionSource> {
  const bytes = await download(url, signal);
  return {
    function: url,
    'function-content-type': contentType('url', packingOf(new URL(url).pathname)),
    checksum: checksumOf(bytes),
  };
}

async function readGiven(file: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new RuntimeKitError('USAGE', `${flag} ${file} ${problem}`, {
      hint:
        code === 'EISDIR' ? `pack the folder: zip -r ${basename(file)}.zip .` : 'check the path',
      cause: error,
    });
  }
}

function tooLarge(file: string, size: number): RuntimeKitError {
  const mebibytes = (size / 2 ** 20).toFixed(1);
  return new RuntimeKitError(
    'FUNCTION_INVALID',
    `${file} makes a Function of ${mebibytes} MiB, and a cluster takes no more than 1 MiB`,
    { hint: 'put the file behind a URL and give that: --from-file https://…' },
  );
}
