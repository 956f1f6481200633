import type { Command } from 'commander';
import { addNamespaceOption, type NamespaceFlag } from '../../namespace.js';

interface CallFlags extends NamespaceFlag {
  data?: string;
}

export function register(program: Command): void {
  const command = program
    .command('call')
    .argument('<name>')
    .description('call a function and print its answer')
    .option('--data <text>', 'what to POST; without it the call is a GET');
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function call hello
  $ kubeless function call hello --data '{"name": "Ada"}'`;

async function run(name: string, { namespace, data }: CallFlags): Promise<void> {
  const [{ callFunction, findFunction }, { onEngine }] = await Promise.all([
    import('runtime-kit/functions'),
    import('../../on-engine.js'),
  ]);
  const deployed = await onEngine((engine) => findFunction(engine, { name, namespace }));
  const { body } = await callFunction(deployed, data);
  process.stdout.write(Buffer.concat([body, Buffer.from('\n')]));
}
