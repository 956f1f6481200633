import type { FunctionSpec } from '../resource/schema.js';

/** How content is packed, whatever it is called. */
export type Packing = 'file' | 'zip' | 'tar';

const TAR = /\.(tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz))$/i;

/** By the name of a file or the path of a URL. */
export function packingOf(name: string): Packing {
  if (/\.zip$/i.test(name)) return 'zip';
  return TAR.test(name) ? 'tar' : 'file';
}

/** By the words of `function-content-type`: `text`, `base64+zip`, `url+compressedtar` … */
export function packingOfType({ 'function-content-type': type }: ContentType): Packing {
  if (type.includes('zip')) return 'zip';
  return type.includes('compressedtar') ? 'tar' : 'file';
}

export function isUrl({ 'function-content-type': type }: ContentType): boolean {
  return type.split('+').includes('url');
}

export function contentType(encoding: 'text' | 'base64' | 'url', packing: Packing): string {
  if (packing === 'file') return encoding;
  return `${encoding}+${packing === 'zip' ? 'zip' : 'compressedtar'}`;
}

type ContentType = Pick<FunctionSpec, 'function-content-type'>;
