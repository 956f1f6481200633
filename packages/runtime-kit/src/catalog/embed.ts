import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EMBEDDED_CATALOG, loadRepositoryCatalog } from './load.js';

/**
 * Copies every language's manifest and fixtures beside the compiled code, so that the package can
 * verify images outside of this repository. Run when the package is built.
 */
const { runtimes } = await loadRepositoryCatalog(import.meta.dirname);
await rm(EMBEDDED_CATALOG, { recursive: true, force: true });
for (const { language, folder } of runtimes) {
  const target = join(EMBEDDED_CATALOG, language);
  await mkdir(target, { recursive: true });
  for (const part of ['runtime.yaml', 'fixtures'])
    await cp(join(folder, part), join(target, part), {
      recursive: true,
      dereference: true,
    });
}
