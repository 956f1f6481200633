import type { Command } from 'commander';

interface AddFlags {
  report: string;
  id: string;
  version: string;
  name?: string;
  suffix?: string;
  depName?: string;
  json?: true;
}

export function register(config: Command): void {
  config
    .command('add-runtime')
    .argument('<image>', 'by digest, or by a tag that its registry is asked for')
    .description('let functions run on an image of others that a report proves')
    .requiredOption('--report <file>', 'what verify --profile core --reporter json wrote of it')
    .requiredOption('--id <id>', "Kubeless's ID: letters, dashes and underscores")
    .requiredOption('--version <version>', 'digits and dots; functions name ID and version')
    .option('--name <name>', 'of the version; ID and version if unset')
    .option('--suffix <suffix>', 'of the function file; without it, it is /kubeless/function')
    .option('--dep-name <name>', "the dependency file's name")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
The runtime is written to customRuntimes in runtime-kit.config.yaml; config render merges it. Images for the
phases installation and compilation can be added there by hand.

Examples:
  $ runtime-kit verify registry.example/f/x:1 --profile core --reporter json --output report.json
  $ runtime-kit config add-runtime registry.example/f/x:1 --report report.json --id x --version 1.0 --suffix .x`;

async function run(image: string, flags: AddFlags): Promise<void> {
  const [{ addRuntime }, catalogs, { print, printJson }] = await Promise.all([
    import('../../../config/index.js'),
    import('../../../catalog/index.js'),
    import('../../print.js'),
  ]);
  const { depName: dependencies, json, ...named } = flags;
  const catalog = await catalogs.loadRepositoryCatalog();
  const added = await addRuntime(catalog, { image, dependencies, ...named });
  if (json) return printJson(added);
  print(
    `added ${catalogs.customRuntimeId(added)} to ${catalogs.CONFIG_FILE}: ${added.images[0]?.image}`,
  );
}
