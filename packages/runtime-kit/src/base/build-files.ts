import { buildMirrors, type Catalog } from '../catalog/index.js';
import { MIRRORS_FILE, MOUNTED, readingMirrors } from '../dockerfile/index.js';
import type { Engine, FileEntry } from '../engine/index.js';
import { debianSources } from './debian-sources.js';
import { ensureTrustedCa, trustedCaFile } from './trusted-ca.js';

/** What build steps are given beside their base: mounted for the step, in no layer. */
export interface BuildFiles {
  args: { TRUSTED_CA: string };
  /** The Dockerfile to send to the engine. */
  dockerfile: (text: string) => string;
}

/**
 * Puts the CA that build steps trust, and the mirrors that they download from, into an image that they
 * mount.
 *
 * @throws RuntimeKitError CA_UNREADABLE
 */
export async function ensureBuildFiles(
  engine: Engine,
  catalog: Catalog & { repository: string },
  suite: string,
): Promise<BuildFiles> {
  const { config, repository } = catalog;
  const ca = trustedCaFile(config.trustedCa, repository);
  const files = mirrorFiles(catalog, suite, ca !== undefined);
  const image = await ensureTrustedCa(engine, config.prefix, ca, files);
  const dockerfile = files.length > 0 ? readingMirrors : (text: string) => text;
  return { args: { TRUSTED_CA: image }, dockerfile };
}

/** None without mirrors. */
export function mirrorFiles(catalog: Catalog, suite: string, hasCa: boolean): FileEntry[] {
  const sources = debianSources(catalog.config.mirrors, suite);
  const env = {
    ...buildMirrors(catalog),
    ...(sources.length > 0 ? { APT_CONFIG: `${MOUNTED}/apt.conf` } : {}),
  };
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  if (variables.length === 0) return [];
  const apt = [
    `Dir::Etc::SourceList "${MOUNTED}/sources.list";`,
    'Dir::Etc::SourceParts "/dev/null";',
    ...(hasCa ? [`Acquire::https::CAInfo "${MOUNTED}/ca.crt";`] : []),
  ];
  return [
    { path: MIRRORS_FILE, content: lines(variables) },
    ...(sources.length > 0
      ? [
          { path: 'apt.conf', content: lines(apt) },
          { path: 'sources.list', content: lines(sources) },
        ]
      : []),
  ];
}

function lines(texts: string[]): string {
  return `${texts.join('\n')}\n`;
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
