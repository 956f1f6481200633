import { join } from 'node:path';
import { CONFIG_FILE, splitRuntimeId } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';
import type { Pinned } from '../pins/index.js';
import type { Entry } from './entries.js';

/**
 * Entries with old names for what they stand for.
 *
 * @throws RuntimeKitError CONFIG_INVALID where that is not pinned
 */
export function aliasEntries({ catalog }: Pinned, entries: Entry[]): Entry[] {
  return Object.entries(catalog.config.aliases).map(([alias, target]) => {
    const found = entries.find(({ runtime }) => runtime === target);
    if (!found)
      throw aliasProblem(catalog.repository, alias, `${target} is not pinned`, {
        hint: `pin it (\`npx runtime-kit pin ${target}\`), or take the alias out`,
      });
    const { ID, version } = splitRuntimeId(alias);
    return {
      runtime: alias,
      info: { ...found.info, ID },
      version: { ...found.version, name: alias, version },
    };
  });
}

/** Names file and key. */
export function aliasProblem(
  repository: string,
  alias: string,
  message: string,
  { hint }: { hint: string },
): RuntimeKitError {
  const file = join(repository, CONFIG_FILE);
  return new RuntimeKitError('CONFIG_INVALID', `${file}: aliases.${alias}: ${message}`, { hint });
}
