import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('get-server-config')
    .description('show the runtimes that functions can name')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless get-server-config
  $ kubeless get-server-config --json`;

async function run({ json }: { json?: true }): Promise<void> {
  const [
    { loadCatalog },
    { offeredRuntimes, serverConfigMessages },
    { print, printJson },
    { infoLine },
  ] = await Promise.all([
    import('runtime-kit/catalog'),
    import('runtime-kit/functions'),
    import('runtime-kit/cli'),
    import('../info.js'),
  ]);
  const catalog = await loadCatalog();
  const aliases = Object.keys(catalog.config.aliases).map((runtime) => ({ runtime }));
  const runtimes = [...offeredRuntimes(catalog), ...aliases];
  if (json) printJson(runtimes.map(({ runtime }) => runtime));
  else for (const message of serverConfigMessages(runtimes)) print(infoLine(message));
}
