import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';
import { invalid, parseYaml, problemsOf } from '../../manifest/load.js';
import { type BenchManifest, benchSchema } from './schema.js';

/** The folder of a language in which bench.yaml and all that it names lie. */
export function benchFolder({ folder }: Pick<Runtime, 'folder'>): string {
  return join(folder, 'bench');
}

/**
 * Reads a language's `bench/bench.yaml`.
 *
 * @throws RuntimeKitError MANIFEST_INVALID with every problem of the file.
 */
export async function loadBenchManifest(
  runtime: Pick<Runtime, 'folder' | 'language'>,
): Promise<BenchManifest> {
  const file = join(benchFolder(runtime), 'bench.yaml');
  if (!existsSync(file))
    throw new RuntimeKitError('MANIFEST_INVALID', `${file} is missing`, {
      hint: `it says what ${runtime.language} is compared with; docs/adding-a-runtime.md describes it`,
    });
  const parsed = benchSchema.safeParse(
    parseYaml(await readFile(file, 'utf8'), file, 'MANIFEST_INVALID'),
  );
  if (!parsed.success) throw invalid('MANIFEST_INVALID', file, problemsOf(parsed.error));
  return parsed.data;
}
