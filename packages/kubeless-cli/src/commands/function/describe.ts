import { type Command, Option } from 'commander';
import { addNamespaceOption, type NamespaceFlag } from '../../namespace.js';

interface DescribeFlags extends NamespaceFlag {
  out?: 'json' | 'yaml';
}

export function register(program: Command): void {
  const command = program
    .command('describe')
    .argument('<name>')
    .description('show all that is known of a function')
    .addOption(new Option('-o, --out <format>', 'the resource').choices(['json', 'yaml']));
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function describe hello
  $ kubeless function describe hello -o yaml`;

async function run(name: string, { namespace, out }: DescribeFlags): Promise<void> {
  const [{ findFunction }, { onEngine }, { printResources }, { printDescription }] =
    await Promise.all([
      import('runtime-kit/functions'),
      import('../../on-engine.js'),
      import('../../list-output.js'),
      import('../../describe-output.js'),
    ]);
  await onEngine(async (engine) => {
    const found = await findFunction(engine, { name, namespace });
    if (out === undefined) await printDescription(found);
    else await printResources(engine, [found], out);
  });
}
