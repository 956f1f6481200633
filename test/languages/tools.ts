import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { readInputs } from '../../packages/runtime-kit/src/build/inputs.js';
import type { Catalog, Variant } from '../../packages/runtime-kit/src/catalog/index.js';
import { renderDockerfile } from '../../packages/runtime-kit/src/dockerfile/index.js';
import type { FileEntry } from '../../packages/runtime-kit/src/engine/index.js';

/** Further stages for the image's own Dockerfile.template; the last is called `test`. */
const TOOLS_TEMPLATE = 'test/Dockerfile.template';

/** An image of linters and test tools. */
export interface ToolsImage {
  name: string;
  /** Debian release of its base. */
  suite: string;
  /** The build's context; its Dockerfile has a stage `test`. */
  files: FileEntry[];
}

/**
 * A variant's tools. Their stages follow the image's own in one Dockerfile, so that they have the
 * very interpreter, compiler and downloads of the image.
 */
export async function toolsOf(variant: Variant, { config }: Catalog): Promise<ToolsImage> {
  const { runtime, version } = variant;
  const { folder, language } = runtime;
  const [inputs, beside, ...templates] = await Promise.all([
    readInputs(variant),
    glob(['test/**', 'bench/**'], { cwd: folder }),
    ...['Dockerfile.template', TOOLS_TEMPLATE].map((file) => readFile(join(folder, file), 'utf8')),
  ]);
  const dockerfile = renderDockerfile(variant, templates.join('\n'), TOOLS_TEMPLATE, config);
  const files = [
    { path: 'Dockerfile', content: dockerfile },
    ...inputs.files.map(({ path, content, executable }) => ({
      path,
      content,
      mode: executable ? 0o755 : 0o644,
    })),
    ...(await Promise.all(
      beside.map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
    )),
  ];
  const name = `${config.prefix}/${language}-test:${version.version}`;
  return { name, suite: version.suite, files };
}
