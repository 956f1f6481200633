import type { Command } from 'commander';
import type { BuildRecord } from '../../build/index.js';
import type { Variant } from '../../catalog/index.js';

interface SbomFlags {
  image: 'runtime' | 'build';
  output?: string;
  all?: true;
}

export function register(program: Command): void {
  program
    .command('sbom')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('write what is in images as CycloneDX documents')
    .option('--all', 'every version, not only the newest')
    .option('--image <kind>', 'runtime, or build for the image of the phases', 'runtime')
    .option('--output <folder>', 'a file RUNTIME.cdx.json each there; stdout where it is one')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ runtime-kit sbom LANGUAGE
  $ runtime-kit sbom --all --output sboms`;

async function run(selectors: string[], flags: SbomFlags): Promise<void> {
  const [catalogs, { readRecord }, { print }, { RuntimeKitError }] = await Promise.all([
    import('../../catalog/index.js'),
    import('../../build/index.js'),
    import('../print.js'),
    import('../../errors.js'),
  ]);
  const { image, output, ...which } = flags;
  if (image !== 'runtime' && image !== 'build')
    throw new RuntimeKitError('USAGE', `--image is "${image}": runtime or build`);
  const { repository, runtimes } = await catalogs.loadRepositoryCatalog();
  const variants = catalogs.selectVariants(runtimes, selectors, which);
  if (output === undefined && variants.length > 1)
    throw new RuntimeKitError(
      'USAGE',
      `${variants.length} documents do not go to stdout together`,
      {
        hint: 'name one runtime, or a folder by --output',
      },
    );
  const documents = await Promise.all(
    variants.map(async (variant) => {
      const text = await sbomOf(variant, await readRecord(repository, variant.id), image);
      return { runtime: variant.id, text };
    }),
  );
  if (output === undefined) return print((documents[0]?.text ?? '').trimEnd());
  await writeAll(output, documents);
}

async function sbomOf(
  { id, version }: Variant,
  record: BuildRecord | undefined,
  kind: 'runtime' | 'build',
): Promise<string> {
  const [{ renderSbom }, { RuntimeKitError }] = await Promise.all([
    import('../../inventory/index.js'),
    import('../../errors.js'),
  ]);
  const image = record?.images[kind];
  if (!record || !image)
    throw new RuntimeKitError('IMAGE_NOT_FOUND', `${id}: no ${kind} image was built here`, {
      hint: `run \`npx runtime-kit build ${id}\``,
    });
  const name = image.name.slice(0, image.name.lastIndexOf(':'));
  return renderSbom({ ...image, name, version: version.version, builtAt: record.builtAt });
}

async function writeAll(folder: string, documents: { runtime: string; text: string }[]) {
  const [{ mkdir, writeFile }, { join }, { print }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../print.js'),
  ]);
  await mkdir(folder, { recursive: true });
  for (const { runtime, text } of documents) {
    const file = join(folder, `${runtime}.cdx.json`);
    await writeFile(file, text);
    print(file);
  }
}
