import {
  type Catalog,
  customRuntimeId,
  imageKinds,
  imageName,
  isEndOfLife,
  type Variant,
} from '../catalog/index.js';

/** One runtime id that functions can name. */
export interface ListedRuntime {
  runtime: string;
  language: string;
  version: string;
  status: 'supported' | 'end of life' | 'custom';
  /** The runtime that it stands for; all else of the row is of that one. */
  aliasOf?: string;
  released?: string;
  endOfLife?: string;
  images: string[];
  capabilities?: Record<string, string>;
}

/** Runtimes of manifests, custom ones, and aliases behind what they stand for. */
export function listingOf({ config, runtimes }: Catalog, today: Date): ListedRuntime[] {
  const aliases = Object.entries(config.aliases);
  const rows = [
    ...runtimes.flatMap(({ variants }) =>
      variants.map((variant) => variantRow(variant, config.prefix, today)),
    ),
    ...config.customRuntimes.map(
      (custom): ListedRuntime => ({
        runtime: customRuntimeId(custom),
        language: custom.id,
        version: custom.version,
        status: 'custom',
        images: custom.images.map(({ image }) => image),
      }),
    ),
  ];
  return rows.flatMap((row) => [
    row,
    ...aliases
      .filter(([, target]) => target === row.runtime)
      .map(([alias, target]) => ({ ...row, runtime: alias, aliasOf: target })),
  ]);
}

function variantRow(variant: Variant, prefix: string, today: Date): ListedRuntime {
  const { id, runtime, version } = variant;
  return {
    runtime: id,
    language: runtime.language,
    version: version.version,
    status: isEndOfLife(variant, today) ? 'end of life' : 'supported',
    released: version.released,
    endOfLife: version.endOfLife,
    images: imageKinds(runtime).map((kind) => imageName(prefix, variant, kind)),
    capabilities: runtime.manifest.capabilities,
  };
}
