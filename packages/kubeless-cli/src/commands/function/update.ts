import type { Command } from 'commander';
import { addFunctionOptions, type FunctionFlags } from '../../function-flags.js';

export function register(program: Command): void {
  const command = program
    .command('update')
    .argument('<name>')
    .description('change a function: the old version answers until the new one is healthy');
  addFunctionOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
What is not given stays as it is; --env replaces all variables.

Examples:
  $ kubeless function update hello --from-file FILE
  $ kubeless function update hello --timeout 5 --memory 128Mi`;

async function run(name: string, flags: FunctionFlags): Promise<void> {
  const [{ updateWith }, { interruptible }, { tellDeployed }] = await Promise.all([
    import('../../updating.js'),
    import('runtime-kit/cli'),
    import('../../deploying.js'),
  ]);
  const { namespace } = flags;
  tellDeployed(await interruptible((signal) => updateWith({ name, namespace }, flags, signal)));
}
