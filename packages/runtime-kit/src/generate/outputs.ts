import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/index.js';
import type { Runtime } from '../catalog/runtime.js';
import { renderDockerfile, renderDockerignore } from '../dockerfile/index.js';
import { RuntimeKitError } from '../errors.js';
import { errorsPage, runtimesPage } from './pages.js';
import { jsonSchemas } from './schemas.js';

/** A file that follows from others: absolute path and text. */
export interface GeneratedFile {
  path: string;
  text: string;
}

export const TEMPLATE_FILE = 'Dockerfile.template';

/** Where a variant's Dockerfile lies, relative to its language's folder. */
export function dockerfilePath(version: string): string {
  return `generated/${version}/Dockerfile`;
}

/** Everything that `runtime-kit generate` writes for a repository. */
export async function generatedFiles(
  catalog: Catalog & { repository: string },
): Promise<GeneratedFile[]> {
  const { repository, config, runtimes } = catalog;
  const images = await Promise.all(runtimes.map((runtime) => imageFiles(runtime, catalog)));
  const { schemas, reference } = config.generated;
  const files = images.flat();
  if (schemas !== undefined)
    for (const [name, text] of Object.entries(jsonSchemas()))
      files.push({ path: join(repository, schemas, name), text });
  if (reference !== undefined)
    files.push(
      { path: join(repository, reference, 'runtimes.md'), text: runtimesPage(runtimes, config) },
      { path: join(repository, reference, 'errors.md'), text: errorsPage() },
    );
  return files;
}

async function imageFiles(runtime: Runtime, { config }: Catalog): Promise<GeneratedFile[]> {
  const file = join(runtime.folder, TEMPLATE_FILE);
  if (!existsSync(file))
    throw new RuntimeKitError('TEMPLATE_INVALID', `${file} is missing`, {
      hint: 'docs/adding-a-runtime.md says what a template holds',
    });
  const template = await readFile(file, 'utf8');
  const dockerfiles = runtime.variants.map((variant) => ({
    path: join(runtime.folder, dockerfilePath(variant.version.version)),
    text: renderDockerfile(variant, template, file, config),
  }));
  const ignore = {
    path: join(runtime.folder, '.dockerignore'),
    text: renderDockerignore(runtime.manifest),
  };
  return [...dockerfiles, ignore];
}
