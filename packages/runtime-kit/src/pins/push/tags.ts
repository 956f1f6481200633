import type { BuildRecord } from '../../build/index.js';
import type { Variant } from '../../catalog/index.js';

export interface Tags {
  /** Never moves: `VERSION-INPUTS-BASE-ARCHITECTURE`, the first digits of the two digests. */
  immutable: string;
  /** Move with each push: the version, and `latest` for the language's newest. */
  floating: string[];
}

/** The same inputs on another base, with newer packages say, are another image. */
export function tagsOf(variant: Variant, { inputHash, base }: BuildRecord, platform: string): Tags {
  const { version } = variant.version;
  const [, ...architecture] = platform.split('/');
  const baseHash = base.digest.replace(/^sha256:/, '');
  const isNewest = variant.runtime.variants[0] === variant;
  return {
    immutable: [version, inputHash.slice(0, 12), baseHash.slice(0, 8), ...architecture].join('-'),
    floating: [version, ...(isNewest ? ['latest'] : [])],
  };
}

/** For a list of platforms, so that the registry does not take it for garbage: `VERSION-INPUTS-LIST`. */
export function indexTag(immutable: string, digest: string): string {
  const [version, inputs] = immutable.split('-');
  return `${version}-${inputs}-${digest.replace('sha256:', '').slice(0, 8)}`;
}
