import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('list')
    .description('show runtimes, versions, support status, images and capabilities')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ runtime-kit list\n  $ runtime-kit list --json | jq')
    .action(run);
}

async function run(options: { json?: true }): Promise<void> {
  const [{ loadCatalog, imageKinds, imageName, isEndOfLife }, { print, printJson, printTable }] =
    await Promise.all([import('../../catalog/index.js'), import('../print.js')]);
  const { config, runtimes } = await loadCatalog();
  const today = new Date();
  const rows = runtimes.flatMap((runtime) =>
    runtime.variants.map((variant) => ({
      runtime: variant.id,
      language: runtime.language,
      version: variant.version.version,
      status: isEndOfLife(variant, today) ? 'end of life' : 'supported',
      released: variant.version.released,
      endOfLife: variant.version.endOfLife,
      images: imageKinds(runtime).map((kind) => imageName(config.prefix, variant, kind)),
      capabilities: runtime.manifest.capabilities,
    })),
  );
  if (options.json) return printJson(rows);
  if (rows.length === 0) return print('no runtimes: there is no runtime.yaml here');
  printTable(
    ['runtime', 'status', 'released', 'end of life', 'images', 'capabilities'],
    rows.map((row) => [
      row.runtime,
      row.status,
      row.released,
      row.endOfLife,
      row.images.join('\n'),
      Object.entries(row.capabilities)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
}
