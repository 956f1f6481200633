import type { FileEntry } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { FunctionSpec } from '../resource/schema.js';
import { download } from './download.js';
import { isUrl, packingOfType } from './kind.js';
import { checksumOf } from './source.js';
import { unpackTar } from './tar.js';
import { Unpacked } from './unpacked.js';
import { unpackZip } from './zip.js';

/** A function's content, unpacked: one file that is still to be named, or the files of an archive. */
export type Content = { file: Buffer } | { files: FileEntry[] };

/**
 * Decodes or downloads what a resource holds, holds it against the checksum and unpacks it.
 *
 * @throws RuntimeKitError FUNCTION_INVALID, DOWNLOAD_FAILED
 */
export async function unpackContent(spec: FunctionSpec, signal?: AbortSignal): Promise<Content> {
  const bytes = await bytesOf(spec, signal);
  checkChecksum(spec, bytes);
  const packing = packingOfType(spec);
  if (packing === 'file') return { file: bytes };
  const unpacked = new Unpacked(isUrl(spec) ? spec.function : `the ${packing} archive`);
  await (packing === 'zip' ? unpackZip : unpackTar)(bytes, unpacked);
  return { files: unpacked.all() };
}

async function bytesOf(spec: FunctionSpec, signal: AbortSignal | undefined): Promise<Buffer> {
  const type = spec['function-content-type'];
  if (isUrl(spec)) return download(spec.function, signal);
  if (type.includes('base64')) return Buffer.from(spec.function, 'base64');
  if (type === '' || type.split('+').includes('text')) return Buffer.from(spec.function);
  throw new RuntimeKitError('FUNCTION_INVALID', `function-content-type "${type}" is not known`, {
    hint: 'it is text, base64 or url, then +zip or +compressedtar for an archive',
  });
}

function checkChecksum({ checksum }: FunctionSpec, bytes: Buffer): void {
  if (checksum === '' || checksum === checksumOf(bytes)) return;
  throw new RuntimeKitError(
    'FUNCTION_INVALID',
    `the content is not what the checksum says: it is ${checksumOf(bytes)}, not ${checksum}`,
    { hint: 'deploy it again from its file, or take the checksum out of the resource' },
  );
}
