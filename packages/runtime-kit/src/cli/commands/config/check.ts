import type { Command } from 'commander';

interface CheckFlags {
  registryCheck?: true;
  platform?: string;
  json?: true;
}

export function register(config: Command): void {
  config
    .command('check')
    .argument('<file>', 'a ConfigMap, or the value of its runtime-images')
    .description('say what is wrong with a configuration, also with one of other images')
    .option('--registry-check', 'also ask the registries whether they have the digests')
    .option('--platform <os/arch>', "of the cluster's nodes: images must be pinned for it")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
An error is what stops functions from running, or is not what was pinned; the exit code is 1 then. All else is
a warning. What images of others do is never an error by itself.

Examples:
  $ runtime-kit config check kubeless-config.yaml
  $ runtime-kit config check kubeless-config.yaml --registry-check --platform linux/arm64`;

async function run(file: string, flags: CheckFlags): Promise<void> {
  const [{ checkConfig, readConfigFile, readPinned }, { loadRepositoryCatalog }, output] =
    await Promise.all([
      import('../../../config/index.js'),
      import('../../../catalog/index.js'),
      import('../../config-output.js'),
    ]);
  const config = await readConfigFile(file);
  const pinned = await readPinned(await loadRepositoryCatalog());
  const { registryCheck: registries = false, platform } = flags;
  const findings = await checkConfig(config, pinned, { registries, platform });
  output.printFindings(file, findings, flags);
}
