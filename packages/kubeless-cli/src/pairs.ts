import { RuntimeKitError } from 'runtime-kit/errors';

/**
 * `--env` and `--label`: NAME=VALUE or NAME:VALUE, several with commas between them; quotes keep a comma in a
 * value, as in CSV.
 *
 * @throws RuntimeKitError USAGE
 */
export function parsePairs(flag: string, given: string[]): Record<string, string> {
  return Object.fromEntries(given.flatMap(splitList).map((pair) => parsePair(flag, pair)));
}

/** The parts of a list with commas. */
export function splitList(text: string): string[] {
  const parts = text.match(/("([^"]|"")*"|[^,"])+/g) ?? [];
  return parts.map((part) =>
    part.replace(/"(([^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"')),
  );
}

function parsePair(flag: string, pair: string): [string, string] {
  const [, name, value] = /^([^=:]+)[=:](.*)$/s.exec(pair) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new RuntimeKitError('USAGE', `${flag} "${pair}" is not NAME=VALUE`, {
    hint: `a comma begins the next pair; quotes keep it in a value: ${flag} '"NAME=a,b"'`,
  });
}
