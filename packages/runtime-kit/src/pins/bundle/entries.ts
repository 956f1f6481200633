import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { messageOf, RuntimeKitError } from '../../errors.js';
import { invalidBundle, isKnown } from './layout.js';

/** A file of an archive. */
export interface Entry {
  path: string;
  size: number;
  content: Readable;
}

/**
 * Hands the files of an archive out one by one; what is not read of one is passed over.
 *
 * @throws RuntimeKitError BUNDLE_INVALID, and what `take` throws
 */
export async function eachEntry(
  file: string,
  take: (entry: Entry) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const archive = extract();
  const reading = pipeline(createReadStream(file), archive, signal ? { signal } : {});
  reading.catch(() => {}); // it is waited for below
  try {
    for await (const entry of archive) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file' || !isKnown(name))
        throw invalidBundle(file, `it has ${type} "${name}", which no bundle has`);
      await take({ path: name, size, content: Readable.from(entry) });
      entry.resume();
    }
    await reading;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RuntimeKitError) throw error;
    throw invalidBundle(file, messageOf(error), error);
  }
}
