import type { Command } from 'commander';
import { addNamespaceOption, type NamespaceFlag } from '../../namespace.js';

export function register(program: Command): void {
  const command = program
    .command('delete')
    .argument('<names...>')
    .description('delete functions, and all that they have on the engine');
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function delete hello`;

async function run(names: string[], { namespace }: NamespaceFlag): Promise<void> {
  const [{ deleteFunction }, { onEngine }] = await Promise.all([
    import('runtime-kit/functions'),
    import('../../on-engine.js'),
  ]);
  await onEngine(async (engine) => {
    await Promise.all(names.map((name) => deleteFunction({ engine }, { name, namespace })));
  });
}
