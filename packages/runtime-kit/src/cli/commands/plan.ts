import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('plan')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('show what build would build and why, without an engine')
    .option('--all', 'every version, not only the newest')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ runtime-kit plan\n  $ runtime-kit plan --all --json | jq',
    )
    .action(run);
}

async function run(selectors: string[], options: { all?: true; json?: true }): Promise<void> {
  const [{ loadRepositoryCatalog, selectVariants }, { planBuilds }, { printJson, printTable }] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../build/index.js'),
      import('../print.js'),
    ]);
  const catalog = await loadRepositoryCatalog();
  const variants = selectVariants(catalog.runtimes, selectors, options);
  const planned = await planBuilds(catalog, variants);
  const rows = planned.map(({ variant, action, reason, changed, images, inputs }) => ({
    runtime: variant.id,
    action,
    reason,
    changed,
    images: images.map(({ name }) => name),
    inputHash: inputs.hash,
    base: {
      suite: variant.version.suite,
      source: catalog.config.base.source,
    },
  }));
  if (options.json) return printJson(rows);
  printTable(
    ['runtime', 'action', 'why', 'images'],
    rows.map(({ runtime, action, reason, images }) => [runtime, action, reason, images.join('\n')]),
  );
}
