import type { Command } from 'commander';

interface ServerConfigFlags {
  from?: string;
  json?: true;
}

export function register(program: Command): void {
  program
    .command('get-server-config')
    .description('show the runtimes that functions can name, and their images')
    .option(
      '--from <file>',
      'of a ConfigMap, or of the value of its runtime-images; of the pins if unset',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ runtime-kit get-server-config
  $ runtime-kit get-server-config --from kubeless-config.yaml --json | jq`;

async function run({ from, json }: ServerConfigFlags): Promise<void> {
  const [config, { loadCatalog, loadRepositoryCatalog }, { printServerConfig }] = await Promise.all(
    [
      import('../../config/index.js'),
      import('../../catalog/index.js'),
      import('../config-output.js'),
    ],
  );
  const pinned = async () => config.readPinned(await loadRepositoryCatalog());
  const images = await config.imagesOf(from ?? config.PINS, pinned);
  const catalog = await loadCatalog();
  printServerConfig(config.supportedRuntimes(images, catalog.config), { json });
}
