import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { RuntimeKitError } from '../errors.js';
import { loadManifest } from '../manifest/load.js';
import { checkNames } from './check-names.js';
import { CONFIG_FILE, type Config, configSchema, findRepository, loadConfig } from './config.js';
import { type Runtime, toRuntime } from './runtime.js';

/** All languages of a repository, or of the copy that comes with the package. */
export interface Catalog {
  /** The folder of `runtime-kit.config.yaml`; undefined for the copy. */
  repository: string | undefined;
  config: Config;
  /** Sorted by language. */
  runtimes: Runtime[];
}

/** Manifests and fixtures of all languages, copied here when the package is built. */
export const EMBEDDED_CATALOG = fileURLToPath(new URL('../embedded/', import.meta.url));

/**
 * Finds every `runtime.yaml` of the repository around `from`; outside of one, the embedded copy,
 * which is enough to verify images.
 *
 * @throws RuntimeKitError MANIFEST_INVALID with the problems of all manifests together, CONFIG_INVALID
 */
export async function loadCatalog(from = process.cwd()): Promise<Catalog> {
  const repository = findRepository(from);
  const config = repository ? await loadConfig(repository) : embeddedConfig();
  const manifests = await glob(
    config.runtimes.map((folder) => `${folder}/runtime.yaml`),
    {
      cwd: repository ?? EMBEDDED_CATALOG,
      absolute: true,
      ignore: ['**/node_modules/**'],
    },
  );
  const runtimes = await loadAll(manifests.sort());
  if (repository) checkNames(join(repository, CONFIG_FILE), config, runtimes);
  return { repository, config, runtimes };
}

/** The same, for commands that write or build: they need the repository itself. */
export async function loadRepositoryCatalog(
  from = process.cwd(),
): Promise<Catalog & { repository: string }> {
  const catalog = await loadCatalog(from);
  const { repository } = catalog;
  if (repository) return { ...catalog, repository };
  throw new RuntimeKitError('USAGE', `there is no ${CONFIG_FILE} in ${from} or above`, {
    hint: 'run this command inside a repository of runtimes; only verify works anywhere',
  });
}

function embeddedConfig(): Config {
  return configSchema.parse({ apiVersion: 'runtime-kit/v1', runtimes: ['*'] });
}

async function loadAll(manifests: string[]): Promise<Runtime[]> {
  const loaded = await Promise.allSettled(
    manifests.map(async (file) => toRuntime(dirname(file), await loadManifest(file))),
  );
  const errors = loaded.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (errors.length > 0) throw together(errors);
  const runtimes = loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  rejectRepeatedLanguages(runtimes);
  return runtimes.sort((a, b) => a.language.localeCompare(b.language));
}

function together(errors: unknown[]): unknown {
  const known = errors.filter((error) => error instanceof RuntimeKitError);
  const [first] = known;
  if (!first || known.length < errors.length) return errors[0];
  if (known.length === 1) return first;
  return new RuntimeKitError('MANIFEST_INVALID', known.map((error) => error.message).join('\n'), {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

function rejectRepeatedLanguages(runtimes: Runtime[]): void {
  for (const [index, runtime] of runtimes.entries()) {
    const first = runtimes.findIndex(({ language }) => language === runtime.language);
    if (first !== index)
      throw new RuntimeKitError(
        'MANIFEST_INVALID',
        `${join(runtime.folder, 'runtime.yaml')}: language: ${runtime.language} is already the language of ${runtimes[first]?.folder}`,
        { hint: 'give each folder a language id of its own' },
      );
  }
}
