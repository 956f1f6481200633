import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { loadRepositoryCatalog } from '../../src/catalog/index.js';
import { type Pinned, readPinned } from '../../src/config/index.js';
import { type PinnedOptions, pinned } from '../pins/pinned.js';
import { toyManifest, toyRepository } from '../support/toy.js';

/** A ConfigMap for Kubeless's own images, with the fields that its controller reads. */
export const KUBELESS_FILE = new URL('kubeless-config.yaml', import.meta.url).pathname;

export function kubelessText(): Promise<string> {
  return readFile(KUBELESS_FILE, 'utf8');
}

export interface ToyOptions {
  config?: Record<string, unknown>;
  manifest?: Record<string, unknown>;
  pin?: PinnedOptions;
}

/** A repository in which toy1.10 is pinned. */
export async function pinnedToy({ config = {}, manifest = {}, pin = {} }: ToyOptions = {}) {
  const { folder, lock } = await pinned(pin);
  const repository = await toyRepository(
    {
      'runtime-kit.config.yaml': stringify({
        apiVersion: 'runtime-kit/v1',
        pins: folder,
        ...config,
      }),
    },
    toyManifest({ env: { TOYS: '$(KUBELESS_INSTALL_VOLUME)/{{version}}' }, ...manifest }),
  );
  return { repository, pins: folder, lock };
}

/** The same, read. */
export async function toyPins(options: ToyOptions = {}): Promise<Pinned> {
  const { repository } = await pinnedToy(options);
  return readPinned(await loadRepositoryCatalog(repository));
}
