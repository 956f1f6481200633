import { randomUUID } from 'node:crypto';
import type { WriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { messageOf, RuntimeKitError } from '../../errors.js';
import { sha256 } from '../lock.js';
import { Checked } from './checked.js';
import { SUMS } from './layout.js';

/** Equal content makes equal archives. */
const HEADER = { mode: 0o644, mtime: new Date(0) };

/** Writes an archive with the sums of its files; it has its name when it is whole. */
export class BundleWriter {
  private readonly sums: string[] = [];

  private constructor(
    private readonly archive: Pack,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param fill adds the files
   * @throws RuntimeKitError WRITE_FAILED, and what `fill` throws
   */
  static async write(
    file: string,
    fill: (writer: BundleWriter) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const part = `${file}.${randomUUID()}`;
    const target = await newFile(file, part);
    const stop = new AbortController();
    const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
    const archive = pack();
    const written = pipeline(Readable.from(archive), target, { signal: either });
    // Who fills it would wait for ever for a file that takes no more.
    const failure = written.then(
      () => undefined,
      (error: unknown) => {
        stop.abort();
        return error;
      },
    );
    try {
      await new BundleWriter(archive, either).fillWith(fill).catch(async (error: unknown) => {
        stop.abort();
        const ofFile = await failure;
        throw isAbort(ofFile) ? error : unwritable(file, ofFile);
      });
      const ofFile = await failure;
      if (ofFile !== undefined) throw unwritable(file, ofFile);
      await rename(part, file).catch((error: unknown) => {
        throw unwritable(file, error);
      });
    } finally {
      await rm(part, { force: true });
    }
  }

  private async fillWith(fill: (writer: BundleWriter) => Promise<void>): Promise<void> {
    await fill(this);
    await this.entry(SUMS, Buffer.from(`${this.sums.join('\n')}\n`));
    this.archive.finalize();
  }

  async add(path: string, text: string): Promise<void> {
    this.note(path, sha256(text));
    await this.entry(path, Buffer.from(text));
  }

  /** @throws what the source throws, and where it is not what the digest says */
  async addBlob(
    path: string,
    { digest, size }: { digest: string; size: number },
    source: Readable,
  ): Promise<void> {
    this.note(path, digest);
    const entry = this.archive.entry({ ...HEADER, name: path, size });
    await pipeline(source, new Checked({ digest, size }), entry, { signal: this.signal });
  }

  private note(path: string, digest: string): void {
    this.sums.push(`${digest.replace('sha256:', '')}  ${path}`);
  }

  private async entry(path: string, content: Buffer): Promise<void> {
    const entry = this.archive.entry({ ...HEADER, name: path, size: content.length });
    await pipeline(Readable.from([content]), entry, { signal: this.signal });
  }
}

/** Opened before anything is fetched for it. */
async function newFile(file: string, part: string): Promise<WriteStream> {
  const existing = await stat(file).catch(() => undefined);
  if (existing && !existing.isFile()) throw unwritable(file, new Error('it is no file'));
  try {
    // Some file systems say only when they flush that the disk is full.
    return (await open(part, 'wx')).createWriteStream({ flush: true });
  } catch (error) {
    throw unwritable(file, error);
  }
}

function isAbort(error: unknown): boolean {
  return error === undefined || (error instanceof Error && error.name === 'AbortError');
}

function unwritable(file: string, error: unknown): RuntimeKitError {
  return new RuntimeKitError('WRITE_FAILED', `${file} was not written: ${messageOf(error)}`, {
    hint: 'make room on the disk, or mend the permissions of the folder, and run it again',
    cause: error,
  });
}
