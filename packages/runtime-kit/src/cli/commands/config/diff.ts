import type { Command } from 'commander';
import { addClusterOptions, type ClusterFlags } from '../../cluster-flags.js';

interface DiffFlags extends ClusterFlags {
  json?: true;
}

export function register(config: Command): void {
  const command = config
    .command('diff')
    .argument('<a>', 'a ConfigMap, the value of its runtime-images, "pins" or "cluster"')
    .argument('<b>', 'what comes in its place: the same')
    .description('show what changes for functions, by runtime and phase')
    .option('--json', 'print JSON');
  addClusterOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Exit codes are those of kubectl diff: 0 where both are the same, 1 where they differ, more where it failed.

Examples:
  $ runtime-kit config diff cluster pins --context production
  $ runtime-kit config diff installed.yaml new.yaml --json`;

async function run(a: string, b: string, flags: DiffFlags): Promise<void> {
  const [{ printDiff }, changes] = await Promise.all([
    import('../../config-output.js'),
    compare(a, b, flags),
  ]);
  printDiff(changes, flags);
  if (changes.length > 0) process.exitCode = 1;
}

async function compare(a: string, b: string, flags: ClusterFlags) {
  const [{ diffRuntimeImages, imagesOf }, { sourcesOf }, errors] = await Promise.all([
    import('../../../config/index.js'),
    import('../../cluster-flags.js'),
    import('../../../errors.js'),
  ]);
  const sources = sourcesOf(flags);
  try {
    return diffRuntimeImages(await imagesOf(a, sources), await imagesOf(b, sources));
  } catch (error) {
    if (!(error instanceof errors.RuntimeKitError) || error.exitCode !== 1) throw error;
    const { message, hint, code } = error;
    throw new errors.RuntimeKitError('DIFF_FAILED', `${code}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}
