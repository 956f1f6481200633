import type { Variant } from '../catalog/runtime.js';

/** The version of docs/runtime-contract.md that images made here promise to keep. */
export const CONTRACT_VERSION = 1;

/** What an image says of itself and never changes with the build: a part of its Dockerfile. */
export function staticLabels(
  { id, runtime, version }: Variant,
  source: string,
): Record<string, string> {
  const { manifest } = runtime;
  return {
    'org.opencontainers.image.title': `${manifest.title} ${version.version} function runtime`,
    'org.opencontainers.image.version': version.version,
    'org.opencontainers.image.source': source,
    'io.runtime-kit.contract': String(CONTRACT_VERSION),
    'io.runtime-kit.runtime': id,
    'io.runtime-kit.language': runtime.language,
    'io.runtime-kit.version': version.version,
    'io.runtime-kit.capabilities': Object.entries(manifest.capabilities)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  };
}

export interface BuildFacts {
  /** Commit that last touched the image's inputs, and its date (ISO 8601). */
  revision: string;
  created: string;
  base: { name: string; digest: string };
}

/** What is only known when it is built. */
export function buildLabels({ revision, created, base }: BuildFacts): Record<string, string> {
  return {
    'org.opencontainers.image.revision': revision,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.base.name': base.name,
    'org.opencontainers.image.base.digest': base.digest,
  };
}

export function labelLines(variant: Variant, source: string): string {
  const labels = Object.entries(staticLabels(variant, source));
  return `LABEL ${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' \\\n      ')}`;
}
