import { invalidConfigMap, readConfigFile } from './document.js';
import type { Pinned } from './pinned.js';
import { readRuntimeImages } from './read.js';
import { renderRuntimeImages } from './render.js';
import type { RuntimeImages } from './structure.js';

/** What stands for a file where the pins are meant. */
export const PINS = 'pins';

/**
 * The runtimes of a file, or of the pins where it is called `pins`.
 *
 * @throws RuntimeKitError CONFIGMAP_INVALID with every error of the file, PIN_INVALID
 */
export async function imagesOf(source: string, pinned: () => Promise<Pinned>) {
  return source === PINS ? renderRuntimeImages(await pinned()) : imagesOfFile(source);
}

/** @throws RuntimeKitError CONFIGMAP_INVALID with every error of the file */
export async function imagesOfFile(file: string): Promise<RuntimeImages> {
  const { images = '[]' } = await readConfigFile(file);
  const { runtimes, findings } = readRuntimeImages(images);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return runtimes;
  throw invalidConfigMap(
    `${file} is not as Kubeless's controller reads it\n${errors.map(({ where, message }) => `  ${where}: ${message}`).join('\n')}`,
    `run \`npx runtime-kit config check ${file}\``,
  );
}
