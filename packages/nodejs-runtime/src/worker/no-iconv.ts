/**
 * Stands in for iconv-lite, 550 kB of tables, in the bundle: raw-body loads it, but only uses it when it
 * is asked for a string, and the server asks for bytes.
 */
export function getDecoder(encoding: string): never {
  throw new Error(`iconv-lite is not part of the server; it was asked for ${encoding}`);
}
