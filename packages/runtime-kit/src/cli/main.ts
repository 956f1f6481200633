import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import * as bench from './commands/bench.js';
import * as build from './commands/build.js';
import * as bundle from './commands/bundle.js';
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
import { runProgram } from './run-program.js';

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
  bundle,
  config,
  getServerConfig,
];

/** Runs a command line; returns the exit code. */
export function main(argv: string[]): Promise<number> {
  return runProgram(newProgram(), argv);
}

function newProgram(): Command {
  const program = new Command('runtime-kit')
    .description('Generates, builds, verifies and pins function-runtime images')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ showGlobalOptions: true })
    .enablePositionalOptions();
  for (const { register } of COMMANDS) register(program);
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
