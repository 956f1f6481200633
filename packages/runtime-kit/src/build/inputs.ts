import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import type { Variant } from '../catalog/runtime.js';
import { RuntimeKitError } from '../errors.js';
import { dockerfilePath } from '../generate/index.js';

/** A file that goes into an image. */
export interface InputFile {
  /** Relative to the language's folder. */
  path: string;
  content: Buffer;
  executable: boolean;
  modified: Date;
}

/** What a variant is built from, and the hash that says whether it changed. */
export interface Inputs {
  files: InputFile[];
  /** sha256 in hex by path. */
  hashes: Record<string, string>;
  hash: string;
}

/**
 * Reads the files that the manifest's `inputs` name, and the generated Dockerfile.
 *
 * @throws RuntimeKitError GENERATED_DRIFT where there is no Dockerfile yet.
 */
export async function readInputs({ runtime, version }: Variant): Promise<Inputs> {
  const dockerfile = dockerfilePath(version.version);
  const paths = await glob(runtime.manifest.inputs, {
    cwd: runtime.folder,
    dot: true,
    ignore: ['**/node_modules/**', '**/__pycache__/**', '**/*.pyc'],
  });
  const files = await Promise.all(
    [...new Set([dockerfile, ...paths])].sort().map((path) => readInput(runtime.folder, path)),
  );
  const hashes = Object.fromEntries(files.map((file) => [file.path, hashOf(file)]));
  const hash = sha256(JSON.stringify(hashes));
  return { files, hashes, hash };
}

async function readInput(folder: string, path: string): Promise<InputFile> {
  const file = join(folder, path);
  try {
    const [content, { mode, mtime }] = await Promise.all([readFile(file), stat(file)]);
    return { path, content, executable: (mode & 0o111) !== 0, modified: mtime };
  } catch (error) {
    throw new RuntimeKitError('GENERATED_DRIFT', `${file} cannot be read`, {
      hint: 'run `npx runtime-kit generate`',
      cause: error,
    });
  }
}

function hashOf({ content, executable }: InputFile): string {
  return sha256(executable ? 'x' : '-', content);
}

function sha256(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
