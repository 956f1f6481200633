import type { Manifest, ManifestVersion } from '../manifest/schema.js';

/** A language: its manifest and the folder that holds everything about it. */
export interface Runtime {
  language: string;
  /** Absolute path of the folder of `runtime.yaml`. */
  folder: string;
  manifest: Manifest;
  /** Newest first. */
  variants: Variant[];
}

/** One version of a language: what an image is built of. */
export interface Variant {
  /** Kubeless's runtime id: language and version, `python3.13`. */
  id: string;
  runtime: Runtime;
  version: ManifestVersion;
}

/** The images of a variant; the build image is there where the language has phases. */
export type ImageKind = 'runtime' | 'build';

export function imageKinds({ manifest }: Runtime): ImageKind[] {
  return Object.keys(manifest.phases).length > 0 ? ['runtime', 'build'] : ['runtime'];
}

/** `PREFIX/python:3.13` and `PREFIX/python-build:3.13`. */
export function imageName(prefix: string, variant: Variant, kind: ImageKind): string {
  return `${imageRepository(prefix, variant, kind)}:${variant.version.version}`;
}

/** The same without the tag. */
export function imageRepository(prefix: string, { runtime }: Variant, kind: ImageKind): string {
  return `${prefix}/${runtime.language}${kind === 'build' ? '-build' : ''}`;
}

export function isEndOfLife({ version }: Variant, today: Date): boolean {
  return version.endOfLife < today.toISOString().slice(0, 10);
}

export function toRuntime(folder: string, manifest: Manifest): Runtime {
  const runtime: Runtime = {
    language: manifest.language,
    folder,
    manifest,
    variants: [],
  };
  runtime.variants = [...manifest.versions]
    .sort((a, b) => compareVersions(b.version, a.version))
    .map((version) => ({
      id: `${manifest.language}${version.version}`,
      runtime,
      version,
    }));
  return runtime;
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
