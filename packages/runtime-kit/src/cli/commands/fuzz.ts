import type { Command } from 'commander';
import { anySeed, wholeNumber } from '../numbers.js';
import { addTargetOptions } from '../target-options.js';
import type { TargetFlags } from '../verify-targets.js';

export interface FuzzFlags extends TargetFlags {
  count: number;
  seed?: number;
  only?: number;
  json?: true;
  output?: string;
}

export function register(program: Command): void {
  const command = program
    .command('fuzz')
    .argument('[targets...]', 'languages, runtime ids or image references')
    .description('send malformed requests to images, or to a local process')
    .option('--count <number>', 'inputs for each target', wholeNumber('--count', 1), 2000)
    .option('--seed <number>', 'which inputs (default: a new seed)', wholeNumber('--seed', 0))
    .option('--only <index>', 'only this input of the seed; shows it', wholeNumber('--only', 0))
    .option('--json', 'print the report as JSON')
    .option('--output <file>', 'write the report there instead of to stdout');
  addTargetOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
A crash, a hang, a status from 500 where one below is right, and a wrong answer to a good call between
the inputs are violations; the exit code is 1 then. Each input is named by the seed and its index.

Examples:
  $ runtime-kit fuzz
  $ runtime-kit fuzz some/image:tag --count 10000
  $ runtime-kit fuzz LANGUAGE --seed 4711 --only 17
  $ runtime-kit fuzz --language LANGUAGE --command "./server --verbose"`;

async function run(names: string[], flags: FuzzFlags): Promise<void> {
  const [{ fuzz }, { interruptible }, { fuzzProgress, showFuzz }, { openChoice }] =
    await Promise.all([
      import('../../fuzz/index.js'),
      import('../interrupt.js'),
      import('../fuzz-output.js'),
      import('../verify-targets.js'),
    ]);
  const { chosen, runtimes, trustedCaFile, mirrors } = await openChoice(names, flags);
  const { count, seed = anySeed(), only } = flags;
  const report = await interruptible((signal) =>
    fuzz({
      targets: chosen.map(({ request }) => request),
      runtimes,
      trustedCaFile,
      mirrors,
      count,
      seed,
      only,
      onProgress: fuzzProgress(),
      signal,
    }),
  );
  await showFuzz(report, flags);
}
