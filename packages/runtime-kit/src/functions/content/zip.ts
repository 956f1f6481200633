import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Entry, fromBuffer, type Options, type ZipFile } from 'yauzl';
import { messageOf, RuntimeKitError } from '../../errors.js';
import type { Unpacked } from './unpacked.js';

const openZip = promisify<Buffer, Options, ZipFile>(fromBuffer);
const TYPE_MASK = 0o170000;
const LINK = 0o120000;

/** @throws RuntimeKitError FUNCTION_INVALID */
export async function unpackZip(bytes: Buffer, unpacked: Unpacked): Promise<void> {
  try {
    // Sizes that lie are errors by default; paths are judged where all archives' are.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: true };
    const zip = await openZip(bytes, options);
    for await (const entry of entriesOf(zip)) await addEntry(zip, entry, unpacked);
  } catch (error) {
    if (error instanceof RuntimeKitError) throw error;
    throw unpacked.refusal(`it is no zip file: ${messageOf(error)}`, 'pack it again', error);
  }
}

async function addEntry(zip: ZipFile, entry: Entry, unpacked: Unpacked): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  if (entry.fileName.endsWith('/')) return;
  if ((mode & TYPE_MASK) === LINK) unpacked.refuseLink(entry.fileName);
  const openStream = promisify(zip.openReadStream.bind(zip) as OpenStream);
  await unpacked.add(entry.fileName, await openStream(entry), mode);
}

type OpenStream = (entry: Entry, callback: (error: Error | null, stream: Readable) => void) => void;

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  while (true) {
    const entry = await nextEntry(zip);
    if (!entry) return;
    yield entry;
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      zip.removeAllListeners();
      settle();
    };
    zip.once('entry', (entry: Entry) => done(() => resolve(entry)));
    zip.once('end', () => done(() => resolve(undefined)));
    zip.once('error', (error: Error) => done(() => reject(error)));
    zip.readEntry();
  });
}
