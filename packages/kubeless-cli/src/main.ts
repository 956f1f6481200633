import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCommands, runProgram } from 'runtime-kit/cli';

const COMMANDS = {
  function: () => import('./commands/function/index.js'),
  apply: () => import('./commands/apply.js'),
  'get-server-config': () => import('./commands/get-server-config.js'),
};

/** Runs a command line; returns the exit code. */
export async function main(argv: string[]): Promise<number> {
  const program = new Command('kubeless')
    .description(
      'Functions on one machine: deploys, calls, updates and lists them on a Docker engine',
    )
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  await addCommands(program, COMMANDS, argv);
  return runProgram(program, argv);
}

const EXAMPLES = `
Exit codes: 0 done, 1 will not change on retry, 2 usage, 69 no engine, 75 may pass on retry.

Examples:
  $ kubeless get-server-config
  $ kubeless function deploy hello --runtime RUNTIME --handler hello.greet --from-file FILE
  $ kubeless function call hello --data '{"name": "Ada"}'`;

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
