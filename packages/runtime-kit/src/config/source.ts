import type { LiveConfigMap } from '../cluster/index.js';
import type { Pinned } from '../pins/index.js';
import { IMAGES_KEY, invalidConfigMap, readConfigFile } from './document.js';
import { readRuntimeImages } from './read.js';
import { renderRuntimeImages } from './render.js';
import type { RuntimeImages } from './structure.js';

/** What stands for a file where the pins, or the ConfigMap of a cluster, are meant. */
export const PINS = 'pins';
export const CLUSTER = 'cluster';

/** How to get at what is no file; asked only where it is meant. */
export interface Sources {
  pinned: () => Promise<Pinned>;
  live: () => Promise<LiveConfigMap>;
}

/**
 * The runtimes of a file, of the pins where it is called `pins`, of a cluster where it is called `cluster`.
 *
 * @throws RuntimeKitError CONFIGMAP_INVALID with every error of the file, PIN_INVALID, those of a cluster
 */
export async function imagesOf(source: string, { pinned, live }: Sources): Promise<RuntimeImages> {
  if (source === PINS) return renderRuntimeImages(await pinned());
  if (source !== CLUSTER) return imagesOfFile(source);
  const { name, namespace, data } = await live();
  return imagesOfText(data[IMAGES_KEY], `${namespace}/${name}`);
}

/** @throws RuntimeKitError CONFIGMAP_INVALID with every error of the file */
export async function imagesOfFile(file: string): Promise<RuntimeImages> {
  return imagesOfText((await readConfigFile(file)).images, file);
}

function imagesOfText(text: string | undefined, name: string): RuntimeImages {
  const { runtimes, findings } = readRuntimeImages(text ?? '[]');
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return runtimes;
  const lines = errors.map(({ where, message }) => `  ${where}: ${message}`).join('\n');
  throw invalidConfigMap(
    `${name} is not as Kubeless's controller reads it\n${lines}`,
    '`npx runtime-kit config check FILE` says all that is wrong with a file',
  );
}
