import type { Command } from 'commander';
import { addFunctionOptions, type FunctionFlags } from '../../function-flags.js';

export function register(program: Command): void {
  const command = program
    .command('dev')
    .argument('<name>')
    .description('deploy a function and bring each change of its file to it, until Ctrl-C');
  addFunctionOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
What the function prints is shown, errors of a change too: the version before it goes on answering. A function
that was not there before is deleted at the end.

Examples:
  $ kubeless function dev hello --runtime RUNTIME --handler hello.greet --from-file FILE`;

async function run(name: string, flags: FunctionFlags): Promise<void> {
  const [{ develop }, { untilInterrupted }] = await Promise.all([
    import('../../developing.js'),
    import('../../until-interrupted.js'),
  ]);
  const { namespace } = flags;
  await untilInterrupted((signal) => develop({ name, namespace }, flags, signal));
}
