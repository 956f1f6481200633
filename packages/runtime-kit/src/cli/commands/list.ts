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
  const [{ loadCatalog }, { listingOf }, { print, printJson, printTable }] = await Promise.all([
    import('../../catalog/index.js'),
    import('../listing.js'),
    import('../print.js'),
  ]);
  const rows = listingOf(await loadCatalog(), new Date());
  if (options.json) return printJson(rows);
  if (rows.length === 0) return print('no runtimes: there is no runtime.yaml here');
  printTable(
    ['runtime', 'status', 'released', 'end of life', 'images', 'capabilities'],
    rows.map((row) => [
      row.runtime,
      row.aliasOf === undefined ? row.status : `alias of ${row.aliasOf}`,
      row.released ?? '',
      row.endOfLife ?? '',
      row.images.join('\n'),
      Object.entries(row.capabilities ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
}
