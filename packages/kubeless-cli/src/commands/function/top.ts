import { type Command, Option } from 'commander';
import { addNamespaceOption, type NamespaceFlag } from '../../namespace.js';

interface TopFlags extends NamespaceFlag {
  function?: string;
  out?: 'json' | 'yaml';
}

export function register(program: Command): void {
  const command = program
    .command('top')
    .alias('stats')
    .description('show how often functions were called, failed and how long they took')
    .option('-f, --function <name>', 'only this one')
    .addOption(new Option('-o, --out <format>', 'instead of a table').choices(['json', 'yaml']));
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function top
  $ kubeless function top --function hello -o json`;

async function run({ namespace, function: name, out }: TopFlags): Promise<void> {
  const [functions, { onEngine }, { printMetrics }] = await Promise.all([
    import('runtime-kit/functions'),
    import('../../on-engine.js'),
    import('../../top-output.js'),
  ]);
  await onEngine(async (engine) => {
    const chosen =
      name === undefined
        ? await functions.listFunctions(engine, namespace)
        : [await functions.findFunction(engine, { name, namespace })];
    const measured = await Promise.all(
      chosen.map(async (one) => ({
        name: one.name,
        namespace: one.namespace,
        methods: await functions.metricsOf(one),
      })),
    );
    printMetrics(measured, out);
  });
}
