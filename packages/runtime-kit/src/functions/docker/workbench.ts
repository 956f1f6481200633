import { readFile } from 'node:fs/promises';
import { trustedCaFile } from '../../base/index.js';
import { type Catalog, type PhaseMirrors, phaseMirrors } from '../../catalog/index.js';
import type { Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { type FrontImage, frontImageOf } from './front-image.js';

/** What carries plans out: an engine, and who is told and asked while it does. */
export interface Workbench {
  engine: Engine;
  front: FrontImage;
  /** PEM bundle that phases trust. */
  trustedCa?: string | undefined;
  /** What phases download from. */
  mirrors?: PhaseMirrors | undefined;
  /** Told of each phase by its name, then of `start`, and in an update of `turn`. */
  onStatus?: ((status: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws RuntimeKitError CA_UNREADABLE, CONFIG_INVALID */
export async function openWorkbench(
  engine: Engine,
  catalog: Catalog,
  watch: Pick<Workbench, 'onStatus' | 'signal'> = {},
): Promise<Workbench> {
  const { config, repository = process.cwd() } = catalog;
  const file = trustedCaFile(config.trustedCa, repository);
  const trustedCa = file === undefined ? undefined : await readBundle(file);
  return {
    engine,
    front: frontImageOf(catalog),
    trustedCa,
    mirrors: phaseMirrors(catalog),
    ...watch,
  };
}

function readBundle(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RuntimeKitError('CA_UNREADABLE', `cannot read ${file}`, {
      hint: 'trustedCa in runtime-kit.config.yaml, or SSL_CERT_FILE, names a PEM file; trustedCa: off uses none',
      cause,
    });
  });
}
