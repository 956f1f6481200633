import { closest } from 'fastest-levenshtein';
import type { Problem } from '../manifest/check.js';
import { invalid } from '../manifest/load.js';
import type { CustomRuntime } from './cluster.js';
import type { Config } from './config.js';
import { mirrorProblems } from './mirrors.js';
import type { Runtime } from './runtime.js';

/**
 * What the schema cannot see: names of the configuration that mean nothing, or two things.
 *
 * @throws RuntimeKitError CONFIG_INVALID with file and key of each
 */
export function checkNames(file: string, config: Config, runtimes: Runtime[]): void {
  const ids = runtimes.flatMap(({ variants }) => variants.map(({ id }) => id));
  const problems = [
    ...customProblems(config.customRuntimes, ids, runtimes),
    ...aliasProblems(config, ids),
    ...mirrorProblems(config, runtimes),
  ];
  if (problems.length > 0) throw invalid('CONFIG_INVALID', file, problems);
}

export function customRuntimeId({ id, version }: Pick<CustomRuntime, 'id' | 'version'>): string {
  return `${id}${version}`;
}

function aliasProblems({ aliases, customRuntimes }: Config, manifestIds: string[]): Problem[] {
  const ids = [...manifestIds, ...customRuntimes.map(customRuntimeId)];
  return Object.entries(aliases).flatMap(([alias, target]) => {
    const path = `aliases.${alias}`;
    if (ids.includes(alias))
      return [{ path, message: `${alias} is a runtime itself: an alias cannot take its name` }];
    if (ids.includes(target)) return [];
    if (target in aliases)
      return [{ path, message: `${target} is an alias too: name the runtime that it stands for` }];
    const nearest = ids.length > 0 ? `; did you mean ${closest(target, ids)}?` : '';
    return [{ path, message: `there is no runtime "${target}"${nearest}` }];
  });
}

function customProblems(
  customRuntimes: CustomRuntime[],
  manifestIds: string[],
  runtimes: Runtime[],
): Problem[] {
  return customRuntimes.flatMap((custom, index) => {
    const path = `customRuntimes[${index}]`;
    const earlier = customRuntimes.slice(0, index);
    const id = customRuntimeId(custom);
    if (manifestIds.includes(id) || earlier.some((one) => customRuntimeId(one) === id))
      return [{ path, message: `there is a runtime ${id} already` }];
    const known = runtimes.find(({ language }) => language === custom.id)?.manifest.function;
    const first = known ?? earlier.find((one) => one.id === custom.id);
    if (!first) return [];
    return (['suffix', 'dependencies'] as const).flatMap((key) =>
      first[key] === custom[key]
        ? []
        : [
            {
              path: `${path}.${key}`,
              message: `all versions of ${custom.id} share one: ${first[key] ?? '(none)'}`,
            },
          ],
    );
  });
}
