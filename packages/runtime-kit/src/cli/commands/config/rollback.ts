import type { Command } from 'commander';
import {
  addClusterOptions,
  addStepOptions,
  type ClusterFlags,
  type StepFlags,
} from '../../cluster-flags.js';
import { wholeNumber } from '../../numbers.js';

interface RollbackFlags extends ClusterFlags, StepFlags {
  to: number;
  list?: true;
}

export function register(config: Command): void {
  const command = config
    .command('rollback')
    .description("give a cluster's runtimes back what config apply replaced")
    .option('--to <number>', 'of changes to go back', wholeNumber('--to', 1), 1)
    .option('--list', 'show the versions that are kept; change nothing');
  addStepOptions(addClusterOptions(command)).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
What is in force becomes the newest of the kept versions, so a second rollback undoes the first.

Examples:
  $ runtime-kit config rollback --list
  $ runtime-kit config rollback --restart
  $ runtime-kit config rollback --to 3 --context production --restart`;

async function run({ to, list, ...flags }: RollbackFlags): Promise<void> {
  const [{ readHistory, rollbackStep }, { openLive }, { takeAndTell }, output] = await Promise.all([
    import('../../../config/index.js'),
    import('../../cluster-flags.js'),
    import('../../config-step.js'),
    import('../../config-output.js'),
  ]);
  const { cluster, live } = await openLive(flags);
  if (list) return output.printHistory(readHistory(live.annotations), flags);
  await takeAndTell(cluster, rollbackStep(live, to, new Date()), flags);
}
