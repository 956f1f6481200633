import type { Readable } from 'node:stream';
import type { FileEntry } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';

const MIB = 2 ** 20;
/** What an archive may unpack to; a function that needs more belongs into an image. */
export const LIMITS = { bytes: 256 * MIB, files: 10_000 };

export type Limits = typeof LIMITS;

const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/** Takes the files of an archive, and refuses what would leave the function's folder or fill the disk. */
export class Unpacked {
  private readonly files = new Map<string, FileEntry>();
  private left: number;

  constructor(
    private readonly name: string,
    private readonly limits: Limits = LIMITS,
  ) {
    this.left = limits.bytes;
  }

  /** @throws RuntimeKitError FUNCTION_INVALID */
  async add(path: string, content: Readable, mode = 0): Promise<void> {
    const clean = this.cleaned(path);
    if (this.files.size >= this.limits.files)
      throw this.refusal(
        `it holds more than ${this.limits.files} files`,
        'leave out what the function does not need',
      );
    const program = (mode & 0o100) !== 0;
    const bytes = await this.read(content);
    this.files.set(clean, {
      path: clean,
      content: bytes,
      mode: program ? PROGRAM_MODE : FILE_MODE,
    });
  }

  refuseLink(path: string): never {
    throw this.refusal(`${path} is a link`, 'put the file itself into the archive');
  }

  /** In their paths' order. */
  all(): FileEntry[] {
    if (this.files.size === 0)
      throw this.refusal('it holds no file', "put the function's files into it");
    return [...this.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  refusal(problem: string, hint: string, cause?: unknown): RuntimeKitError {
    return new RuntimeKitError('FUNCTION_INVALID', `${this.name}: ${problem}`, { hint, cause });
  }

  private cleaned(path: string): string {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const leaves = path.startsWith('/') || path.includes('\\') || parts.includes('..');
    if (!leaves && !path.includes('\0') && parts.length > 0) return parts.join('/');
    throw this.refusal(
      `the path ${JSON.stringify(path)} leads out of the function's folder`,
      'pack it again from inside the folder, with relative paths',
    );
  }

  private async read(content: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of content as AsyncIterable<Buffer>) {
      this.left -= chunk.length;
      if (this.left < 0) {
        content.destroy();
        const mebibytes = Math.floor(this.limits.bytes / MIB);
        throw this.refusal(
          `it unpacks to more than ${mebibytes} MiB`,
          'leave out what the function does not need, or put it into an image: --runtime-image',
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}
