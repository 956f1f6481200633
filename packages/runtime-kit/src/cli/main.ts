import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ERROR_CODES } from '../errors.js';
import * as bench from './commands/bench.js';
import * as build from './commands/build.js';
import * as config from './commands/config/index.js';
import * as doctor from './commands/doctor.js';
import * as fuzz from './commands/fuzz.js';
import * as generate from './commands/generate.js';
import * as getServerConfig from './commands/get-server-config.js';
import * as list from './commands/list.js';
import * as pin from './commands/pin.js';
import * as plan from './commands/plan.js';
import * as prune from './commands/prune.js';
import * as push from './commands/push.js';
import * as sbom from './commands/sbom.js';
import * as soak from './commands/soak.js';
import * as status from './commands/status.js';
import * as verify from './commands/verify.js';
import { report } from './failure.js';

// Each file registers its flags and loads what it does only when it is called: start-up stays quick.
const COMMANDS = [
  list,
  doctor,
  generate,
  plan,
  build,
  verify,
  soak,
  fuzz,
  bench,
  status,
  sbom,
  push,
  pin,
  prune,
  config,
  getServerConfig,
];

/** Runs a command line; returns the exit code. */
export async function main(argv: string[]): Promise<number> {
  const program = newProgram();
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreMissingReader);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has printed what is wrong; help and version are no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERROR_CODES.USAGE;
    return report(error, { json: argv.includes('--json') });
  }
}

/** Whoever reads the output, such as `head`, may have enough of it: the work goes on, and its exit code counts. */
function ignoreMissingReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function newProgram(): Command {
  const program = new Command('runtime-kit')
    .description('Generates, builds, verifies and pins function-runtime images')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ showGlobalOptions: true })
    .enablePositionalOptions()
    .exitOverride();
  for (const { register } of COMMANDS) register(program);
  for (const command of program.commands) command.exitOverride();
  program.addHelpText('after', EXAMPLES);
  return program;
}

const EXAMPLES = `
A SELECTOR is a language, a runtime id (language and version), or nothing for the newest of each.
Exit codes: 0 done, 1 will not change on retry, 2 usage, 69 no engine, 75 may pass on retry.

Examples:
  $ runtime-kit list
  $ runtime-kit build
  $ runtime-kit verify some/image:tag --profile core`;

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
