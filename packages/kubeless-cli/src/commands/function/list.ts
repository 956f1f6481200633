import { type Command, Option } from 'commander';
import type { NamespaceFlag } from '../../namespace.js';
import { addNamespaceOption } from '../../namespace.js';

interface ListFlags extends NamespaceFlag {
  out?: 'json' | 'yaml' | 'wide';
}

export function register(program: Command): void {
  const command = program
    .command('list')
    .alias('ls')
    .argument('[names...]')
    .description('list functions')
    .addOption(
      new Option('-o, --out <format>', 'instead of a table').choices(['json', 'yaml', 'wide']),
    );
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function ls
  $ kubeless function ls hello -o yaml
  $ kubeless function ls -o wide`;

async function run(names: string[], { namespace, out }: ListFlags): Promise<void> {
  const [functions, { onEngine }, output] = await Promise.all([
    import('runtime-kit/functions'),
    import('../../on-engine.js'),
    import('../../list-output.js'),
  ]);
  await onEngine(async (engine) => {
    const chosen =
      names.length === 0
        ? await functions.listFunctions(engine, namespace)
        : await Promise.all(
            names.map((name) => functions.findFunction(engine, { name, namespace })),
          );
    if (out === 'json' || out === 'yaml') await output.printResources(engine, chosen, out);
    else await output.printFunctions(chosen, out === 'wide');
  });
}
