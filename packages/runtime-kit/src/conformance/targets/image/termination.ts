import { basename } from 'node:path/posix';
import type { Engine } from '../../../engine/index.js';
import { readFiles } from '../../../engine/index.js';

/** The termination log of a container, which may have ended. */
export async function readTermination(
  engine: Engine,
  container: string,
  path: string,
): Promise<string> {
  const files = await readFiles(engine, container, path);
  return files.get(basename(path))?.toString() ?? '';
}
