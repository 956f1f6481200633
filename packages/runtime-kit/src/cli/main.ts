import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCommands, runProgram } from './run-program.js';

// Each file registers its flags and loads what it does only when it is called: start-up stays quick.
const COMMANDS = {
  list: () => import('./commands/list.js'),
  doctor: () => import('./commands/doctor.js'),
  generate: () => import('./commands/generate.js'),
  plan: () => import('./commands/plan.js'),
  build: () => import('./commands/build.js'),
  verify: () => import('./commands/verify.js'),
  soak: () => import('./commands/soak.js'),
  fuzz: () => import('./commands/fuzz.js'),
  bench: () => import('./commands/bench.js'),
  status: () => import('./commands/status.js'),
  sbom: () => import('./commands/sbom.js'),
  push: () => import('./commands/push.js'),
  pin: () => import('./commands/pin.js'),
  prune: () => import('./commands/prune.js'),
  bundle: () => import('./commands/bundle.js'),
  config: () => import('./commands/config/index.js'),
  'get-server-config': () => import('./commands/get-server-config.js'),
};

/** Runs a command line; returns the exit code. */
export async function main(argv: string[]): Promise<number> {
  const program = new Command('runtime-kit')
    .description('Generates, builds, verifies and pins function-runtime images')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .configureHelp({ showGlobalOptions: true })
    .enablePositionalOptions();
  await addCommands(program, COMMANDS, argv);
  program.addHelpText('after', EXAMPLES);
  return runProgram(program, argv);
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
