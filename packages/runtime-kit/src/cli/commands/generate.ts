import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('generate')
    .description('write Dockerfiles, JSON Schemas and reference pages from the manifests')
    .option('--check', 'write nothing; fail where a file is not what would be written')
    .addHelpText(
      'after',
      '\nExamples:\n  $ runtime-kit generate\n  $ runtime-kit generate --check   # in CI',
    )
    .action(run);
}

async function run(options: { check?: true }): Promise<void> {
  const [{ loadRepositoryCatalog }, { checkGenerated, generate }, { print }] = await Promise.all([
    import('../../catalog/index.js'),
    import('../../generate/index.js'),
    import('../print.js'),
  ]);
  const catalog = await loadRepositoryCatalog();
  if (options.check) {
    await checkGenerated(catalog);
    return print('generated files are up to date');
  }
  const written = await generate(catalog);
  for (const { path, kind } of written)
    print(`${kind === 'left over' ? 'deleted' : 'wrote'} ${path}`);
  if (written.length === 0) print('generated files were up to date');
}
