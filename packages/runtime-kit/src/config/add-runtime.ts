import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_FILE, type CustomRuntime, checkNames, parseConfig } from '../catalog/index.js';
import type { Pinned } from '../pins/index.js';
import { writeTogether } from '../pins/index.js';
import { withCustomRuntime } from './custom-list.js';
import { proofOfImage } from './proof.js';

export interface NewRuntime {
  /** `NAME:TAG`, which the registry is asked for, or `NAME@DIGEST`. */
  image: string;
  /** File of the report that `verify --reporter json` wrote of the image. */
  report: string;
  id: string;
  version: string;
  name?: string | undefined;
  suffix?: string | undefined;
  dependencies?: string | undefined;
}

/**
 * Writes a runtime of an image that is proved into `runtime-kit.config.yaml`; comments and all else stay.
 *
 * @throws RuntimeKitError PIN_REFUSED where the report is no proof, CONFIG_INVALID where names collide
 */
export async function addRuntime(
  catalog: Pinned['catalog'],
  { image, report, name, suffix, dependencies, ...named }: NewRuntime,
): Promise<CustomRuntime> {
  const proof = await proofOfImage(catalog, image, report);
  const custom: CustomRuntime = {
    ...named,
    ...(name === undefined ? {} : { name }),
    ...(suffix === undefined ? {} : { suffix }),
    ...(dependencies === undefined ? {} : { dependencies }),
    images: [{ phase: 'runtime', image: proof.image }],
    verified: proof.verified,
  };
  const file = join(catalog.repository, CONFIG_FILE);
  const text = withCustomRuntime(await readFile(file, 'utf8'), file, custom);
  checkNames(file, parseConfig(text, file), catalog.runtimes);
  await writeTogether(new Map([[file, text]]));
  return custom;
}
