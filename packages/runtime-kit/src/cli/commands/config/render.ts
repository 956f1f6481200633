import { type Command, Option } from 'commander';
import type { Format } from '../../../config/index.js';

interface RenderFlags {
  format: Format;
  from?: string;
  output?: string;
}

export function register(config: Command): void {
  config
    .command('render')
    .description('write runtime-images from the pins, custom runtimes and aliases')
    .addOption(
      new Option('--format <name>', 'what the file is for')
        .choices(['configmap', 'json', 'yaml', 'helm-values', 'kustomize'])
        .default('configmap'),
    )
    .option('--from <file>', 'a ConfigMap; all of it but runtime-images is kept byte for byte')
    .option('--output <file>', 'write there instead of to stdout')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
configmap is the whole object, json and yaml the value of runtime-images alone, helm-values the value
config.runtimeImages of Kubeless's chart, kustomize a component that changes the ConfigMap of a base. Name and
namespace are those of KUBELESS_CONFIG and KUBELESS_NAMESPACE, else kubeless-config in kubeless.

Examples:
  $ runtime-kit config render --format configmap --from installed.yaml --output new.yaml
  $ runtime-kit config render --format json
  $ runtime-kit config render --format kustomize --output runtimes/kustomization.yaml`;

async function run({ format, from, output }: RenderFlags): Promise<void> {
  const [config, { loadRepositoryCatalog }, { printText, warnOfUnverified }, { RuntimeKitError }] =
    await Promise.all([
      import('../../../config/index.js'),
      import('../../../catalog/index.js'),
      import('../../config-output.js'),
      import('../../../errors.js'),
    ]);
  if (from !== undefined && format !== 'configmap')
    throw new RuntimeKitError('USAGE', `--from is a ConfigMap, and --format is "${format}"`, {
      hint: 'take --format configmap, or leave --from out',
    });
  const pinned = await config.readPinned(await loadRepositoryCatalog());
  const images = config.renderRuntimeImages(pinned);
  const text =
    from === undefined
      ? config.formatted(images, format, config.configMapName())
      : config.withRuntimeImages(
          await config.readConfigFile(from),
          config.runtimeImagesText(images),
        );
  warnOfUnverified(pinned);
  await printText(text, output);
}
