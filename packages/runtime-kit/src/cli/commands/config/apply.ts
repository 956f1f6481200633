import type { Command } from 'commander';
import {
  addClusterOptions,
  addStepOptions,
  type ClusterFlags,
  type StepFlags,
} from '../../cluster-flags.js';

export function register(config: Command): void {
  const command = config
    .command('apply')
    .argument('[file]', 'a ConfigMap, or the value of its runtime-images; of the pins if unset')
    .description('give a cluster other runtimes, and keep the last five versions');
  addStepOptions(addClusterOptions(command)).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Only runtime-images is changed, and only where nobody else changed the ConfigMap meanwhile. What config check
calls an error is refused; then the server is asked whether it would take the change, and only then is it made.
The controller reads the ConfigMap when it starts: --restart restarts it.

Examples:
  $ runtime-kit config apply --dry-run
  $ runtime-kit config apply new.yaml --context production --restart`;

async function run(file: string | undefined, flags: ClusterFlags & StepFlags): Promise<void> {
  const [config, { loadRepositoryCatalog }, { openLive }, { takeAndTell }, output] =
    await Promise.all([
      import('../../../config/index.js'),
      import('../../../catalog/index.js'),
      import('../../cluster-flags.js'),
      import('../../config-step.js'),
      import('../../config-output.js'),
    ]);
  const pinned = await config.readPinned(await loadRepositoryCatalog());
  const source = file === undefined ? undefined : await config.readConfigFile(file);
  const images =
    source === undefined
      ? config.runtimeImagesText(config.renderRuntimeImages(pinned))
      : source.images;
  const checked = { file: file ?? config.PINS, images, text: '', configMap: undefined };
  const findings = await config.checkConfig(checked, pinned);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0 || images === undefined)
    return output.printFindings(checked.file, errors, { json: flags.json });
  const { cluster, live } = await openLive(flags);
  output.warnOfOthers(source?.configMap?.others ?? {}, live.data);
  await takeAndTell(cluster, config.applyStep(live, images, new Date()), flags);
}
