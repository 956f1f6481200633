import { RuntimeKitError } from '../errors.js';
import type { Pinned } from '../pins/index.js';
import { pinsFolder } from '../pins/index.js';
import { aliasEntries, aliasProblem } from './aliases.js';
import { customEntry, type Entry, pinnedEntry } from './entries.js';
import type { RuntimeImages, RuntimeInfo } from './structure.js';

/**
 * What the controller is to know: pinned runtimes in the catalog's order, custom runtimes, aliases.
 *
 * @throws RuntimeKitError PIN_INVALID, CONFIG_INVALID
 */
export function renderRuntimeImages(pinned: Pinned): RuntimeImages {
  const { config, runtimes } = pinned.catalog;
  const variants = runtimes.flatMap(({ variants }) => variants);
  for (const { runtime } of pinned.locks)
    if (!variants.some(({ id }) => id === runtime)) throw withoutManifest(runtime, pinned);
  const entries = [
    ...variants.flatMap((variant) => {
      const lock = pinned.locks.find(({ runtime }) => runtime === variant.id);
      return lock ? [pinnedEntry(variant, lock)] : [];
    }),
    ...config.customRuntimes.map(customEntry),
  ];
  if (entries.length === 0) throw nothingPinned(pinned);
  return grouped([...entries, ...aliasEntries(pinned, entries)], pinned);
}

function grouped(entries: Entry[], { catalog }: Pinned): RuntimeImages {
  const { imagePullSecrets, livenessProbe } = catalog.config;
  const secrets = imagePullSecrets.map((ImageSecret) => ({ ImageSecret }));
  const infos = new Map<string, RuntimeInfo>();
  for (const { runtime, info, version } of entries) {
    const known = infos.get(info.ID);
    if (known && !agree(known, info))
      throw aliasProblem(
        catalog.repository,
        runtime,
        `${info.ID} has the files ${filesOf(known)}, what it stands for has ${filesOf(info)}`,
        { hint: `take an alias whose letters are not "${info.ID}", or one to a ${info.ID}` },
      );
    const { versions = [] } = known ?? {};
    infos.set(info.ID, {
      ...info,
      ...(livenessProbe ? { livenessProbeInfo: livenessProbe } : {}),
      versions: [
        ...versions,
        { ...version, ...(secrets.length > 0 ? { imagePullSecrets: secrets } : {}) },
      ],
    });
  }
  return [...infos.values()];
}

function agree(one: Entry['info'], other: Entry['info']): boolean {
  return one.depName === other.depName && one.fileNameSuffix === other.fileNameSuffix;
}

function filesOf({ fileNameSuffix = '(no suffix)', depName = '(none)' }: Entry['info']): string {
  return `${fileNameSuffix} and ${depName}`;
}

function nothingPinned({ catalog }: Pinned): RuntimeKitError {
  return new RuntimeKitError('PIN_INVALID', `there are no pins in ${pinsFolder(catalog)}`, {
    hint: 'run `npx runtime-kit push --registry HOST/PREFIX`, then `npx runtime-kit pin`',
  });
}

function withoutManifest(runtime: string, { catalog }: Pinned): RuntimeKitError {
  return new RuntimeKitError(
    'PIN_INVALID',
    `${pinsFolder(catalog)}: ${runtime} is pinned, and no runtime.yaml has it`,
    { hint: 'bring the version back into its manifest, or delete the lock file' },
  );
}
