import { distance } from 'fastest-levenshtein';
import { type Catalog, customRuntimeId, imageName, splitRuntimeId } from '../catalog/index.js';
import { customEntry, type Entry, variantEntry } from '../config/entries.js';
import { RuntimeKitError } from '../errors.js';

type Offering = Pick<Catalog, 'config' | 'runtimes'>;

/** The runtimes that functions can name, with the images that are built here: newest first, then custom ones. */
export function offeredRuntimes({ config, runtimes }: Offering): Entry[] {
  const variants = runtimes.flatMap((runtime) => runtime.variants);
  return [
    ...variants.map((variant) =>
      variantEntry(variant, (kind) => imageName(config.prefix, variant, kind)),
    ),
    ...config.customRuntimes.map(customEntry),
  ];
}

/**
 * The runtime of an id or an alias; undefined where there is none.
 */
export function findRuntime(catalog: Offering, id: string): Entry | undefined {
  const wanted = catalog.config.aliases[id] ?? id;
  return offeredRuntimes(catalog).find(({ runtime }) => runtime === wanted);
}

/** Names those there are, the nearest first. */
export function unknownRuntime(catalog: Offering, id: string): RuntimeKitError {
  const { aliases, customRuntimes } = catalog.config;
  const ids = offeredRuntimes(catalog).map(({ runtime }) => runtime);
  const names = [
    ...new Set([...ids, ...Object.keys(aliases), ...customRuntimes.map(customRuntimeId)]),
  ];
  const sorted = names.sort((a, b) => distance(id, a) - distance(id, b));
  const successor = newestOf(catalog, id);
  return new RuntimeKitError(
    'UNKNOWN_RUNTIME',
    `Invalid runtime: ${id}. Supported runtimes are: ${sorted.join(', ')}`,
    {
      hint:
        successor === undefined
          ? `take one of them${sorted[0] === undefined ? '' : `, such as ${sorted[0]}`}`
          : `that version is not made here (any more): take ${successor}, or let the old name stand for it in runtime-kit.config.yaml: aliases: { ${id}: ${successor} }`,
    },
  );
}

function newestOf({ runtimes }: Offering, id: string): string | undefined {
  const { ID } = splitRuntimeId(id);
  return runtimes.find(({ language }) => language === ID)?.variants[0]?.id;
}
