import type { Command } from 'commander';
import { addClusterOptions, type ClusterFlags } from '../cluster-flags.js';

interface ServerConfigFlags extends ClusterFlags {
  from?: string;
  live?: true;
  json?: true;
}

export function register(program: Command): void {
  const command = program
    .command('get-server-config')
    .description('show the runtimes that functions can name, and their images')
    .option(
      '--from <file>',
      'of a ConfigMap, or of the value of its runtime-images; of the pins if unset',
    )
    .option('--live', 'of a cluster')
    .option('--json', 'print JSON');
  addClusterOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ runtime-kit get-server-config
  $ runtime-kit get-server-config --live --context production
  $ runtime-kit get-server-config --from kubeless-config.yaml --json | jq`;

async function run({ from, live, json, ...flags }: ServerConfigFlags): Promise<void> {
  const [config, { loadCatalog }, { sourcesOf }, { printServerConfig }, { RuntimeKitError }] =
    await Promise.all([
      import('../../config/index.js'),
      import('../../catalog/index.js'),
      import('../cluster-flags.js'),
      import('../config-output.js'),
      import('../../errors.js'),
    ]);
  if (live && from !== undefined)
    throw new RuntimeKitError('USAGE', '--live and --from are two different sources', {
      hint: 'take them one after the other',
    });
  const source = live ? config.CLUSTER : (from ?? config.PINS);
  const images = await config.imagesOf(source, sourcesOf(flags));
  const catalog = await loadCatalog();
  printServerConfig(config.supportedRuntimes(images, catalog.config), { json });
}
