import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { messageOf, RuntimeKitError } from '../../errors.js';
import type { Unpacked } from './unpacked.js';

/** How a tar is compressed, told by its first bytes. */
const COMPRESSIONS: { magic: string; decompress: (bytes: Buffer) => Promise<Readable> }[] = [
  { magic: '1f8b', decompress: async (bytes) => Readable.from([bytes]).pipe(createGunzip()) },
  { magic: '425a68', decompress: bunzip },
  { magic: 'fd377a585a00', decompress: unxz },
];
const MAGIC_BYTES = 6;

/** A tar as it is, or compressed by gzip, bzip2 or xz. @throws RuntimeKitError FUNCTION_INVALID */
export async function unpackTar(bytes: Buffer, unpacked: Unpacked): Promise<void> {
  try {
    const plain = await decompressed(bytes);
    const archive = extract();
    plain.on('error', (error) => archive.destroy(error));
    for await (const entry of plain.pipe(archive)) {
      const { name, type, mode } = entry.header;
      if (type === 'symlink' || type === 'link') unpacked.refuseLink(name);
      if (type === 'file' || type === 'contiguous-file')
        await unpacked.add(name, entry as unknown as Readable, mode);
      else entry.resume();
    }
  } catch (error) {
    if (error instanceof RuntimeKitError) throw error;
    throw unpacked.refusal(`it is no tar archive: ${messageOf(error)}`, 'pack it again', error);
  }
}

async function decompressed(bytes: Buffer): Promise<Readable> {
  const magic = bytes.subarray(0, MAGIC_BYTES).toString('hex');
  const known = COMPRESSIONS.find((one) => magic.startsWith(one.magic));
  return known ? known.decompress(bytes) : Readable.from([bytes]);
}

async function bunzip(bytes: Buffer): Promise<Readable> {
  const { default: unbzip2 } = await import('unbzip2-stream');
  return new Readable().wrap(Readable.from([bytes]).pipe(unbzip2()));
}

async function unxz(bytes: Buffer): Promise<Readable> {
  // Its names are found at run time only, which import() does not see.
  const xz = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
  const packed = Readable.toWeb(Readable.from([bytes]));
  return Readable.fromWeb(
    new xz.XzReadableStream(packed as unknown as ReadableStream<Uint8Array>) as never,
  );
}
