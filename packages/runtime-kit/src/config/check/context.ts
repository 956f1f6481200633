import { customRuntimeId, type Runtime, type Variant } from '../../catalog/index.js';
import type { Lock, Pinned } from '../../pins/index.js';
import {
  type PhaseImage,
  type RuntimeImages,
  type RuntimeInfo,
  type RuntimeVersion,
  runtimeIdOf,
} from '../structure.js';

/** What the checks look at. */
export interface CheckContext extends Pinned {
  runtimes: RuntimeImages;
  today: Date;
  /** `OS/ARCHITECTURE` of the cluster's nodes, where it was said. */
  platform: string | undefined;
}

/** A version with what it belongs to. */
export interface Place {
  id: string;
  info: RuntimeInfo;
  version: RuntimeVersion;
  /** The runtime of ours that it is, by its own name or by an alias of the configuration. */
  variant: Variant | undefined;
  /** Its language, also where the version is none of ours. */
  language: Runtime | undefined;
}

export function placesOf({ runtimes, catalog }: CheckContext): Place[] {
  const variants = catalog.runtimes.flatMap((runtime) => runtime.variants);
  return runtimes.flatMap((info) =>
    info.versions.map((version) => {
      const id = runtimeIdOf(info, version);
      const name = catalog.config.aliases[id] ?? id;
      const variant = variants.find((one) => one.id === name);
      const language = variant?.runtime ?? catalog.runtimes.find((one) => one.language === info.ID);
      return { id, info, version, variant, language };
    }),
  );
}

export function eachImage(
  context: CheckContext,
): { place: Place; image: PhaseImage; where: string }[] {
  return placesOf(context).flatMap((place) =>
    place.version.images.map((image) => ({ place, image, where: `${place.id} ${image.phase}` })),
  );
}

/** An image that may stand in a configuration: of a pin, or of a custom runtime (no platforms known). */
export interface KnownImage {
  runtime: string;
  reference: string;
  digest: string;
  platforms: string[] | undefined;
  lock: Lock | undefined;
}

export function knownImages({ locks, catalog }: Pinned): KnownImage[] {
  const pinned = locks.flatMap((lock) =>
    [lock.images.runtime, lock.images.build].flatMap((image) =>
      image
        ? [
            {
              runtime: lock.runtime,
              reference: image.reference,
              digest: image.digest,
              platforms: Object.keys(image.platforms),
              lock,
            },
          ]
        : [],
    ),
  );
  const custom = catalog.config.customRuntimes.flatMap((one) =>
    one.images.map(({ image }) => ({
      runtime: customRuntimeId(one),
      ...partsOf(image),
      platforms: undefined,
      lock: undefined,
    })),
  );
  return [...pinned, ...custom];
}

export function findKnown(known: KnownImage[], image: string): KnownImage | undefined {
  const { reference, digest } = partsOf(image);
  return known.find((one) => one.reference === reference && one.digest === digest);
}

/** `NAME:TAG@DIGEST` without its tag, in two parts; the digest is empty where there is none. */
export function partsOf(image: string): { reference: string; digest: string } {
  const [name = '', digest = ''] = image.split('@');
  return { reference: name.replace(/:[^/:]*$/, ''), digest };
}
