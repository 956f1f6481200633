import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import type { FileEntry } from '../../packages/runtime-kit/src/engine/index.js';

/** What tools make or install; the images of tools have their own. */
const MADE = ['.git', '.runtime-kit', '**/node_modules', '**/dist', '**/.turbo', '**/__pycache__'];

/** Every file that people write in this repository, under `folder`. */
export async function sourceFiles(repository: string, folder: string): Promise<FileEntry[]> {
  const paths = await glob('**', {
    cwd: repository,
    dot: true,
    ignore: MADE.map((path) => `${path}/**`),
  });
  return Promise.all(
    paths.map(async (path) => {
      const file = join(repository, path);
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
      return { path: join(folder, path), content, mode: mode & 0o111 ? 0o755 : 0o644 };
    }),
  );
}
