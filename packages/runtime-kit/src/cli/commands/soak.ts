import { type Command, Option } from 'commander';
import { anySeed, durationOf, wholeNumber } from '../numbers.js';
import { addTargetOptions } from '../target-options.js';
import type { TargetFlags } from '../verify-targets.js';

export interface SoakFlags extends TargetFlags {
  duration: number;
  connections: number;
  seed?: number;
  memory: number;
  without: string[];
  json?: true;
  output?: string;
}

const MINUTE_MS = 60_000;

export function register(program: Command): void {
  const command = program
    .command('soak')
    .argument('[targets...]', 'languages, runtime ids or image references')
    .description('hold images, or a local process, under mixed traffic and count what comes back')
    .addOption(
      new Option('--duration <time>', 'of the traffic for each target: 90s, 10m, 1h')
        .argParser(durationOf('--duration'))
        .default(10 * MINUTE_MS, '10m'),
    )
    .option(
      '--connections <number>',
      'keep-alive connections at a time',
      wholeNumber('--connections', 1, 1000),
      32,
    )
    .option('--memory <MiB>', 'limit of the container', wholeNumber('--memory', 16), 256)
    .option(
      '--seed <number>',
      'which calls are made (default: a new one)',
      wholeNumber('--seed', 0),
    )
    .option(
      '--without <kind>',
      'leave a kind of call out, such as crash; can be repeated',
      collect,
      [],
    )
    .option('--json', 'print the report as JSON')
    .option('--output <file>', 'write the report there instead of to stdout');
  addTargetOptions(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Wrong answers, metrics that differ from the client's own count, and memory that ends more than 20 % over
what it was after the first minute are violations; the exit code is 1 then.

Examples:
  $ runtime-kit soak
  $ runtime-kit soak some/image:tag --duration 1h --connections 64
  $ runtime-kit soak LANGUAGE --seed 4711 --json --output soak.json
  $ runtime-kit soak LANGUAGE --without crash --without loop
  $ runtime-kit soak --language LANGUAGE --command "./server --verbose" --duration 2m`;

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

async function run(names: string[], flags: SoakFlags): Promise<void> {
  const [{ soak }, { interruptible }, { showSoak, soakProgress }, { openChoice }] =
    await Promise.all([
      import('../../soak/index.js'),
      import('../interrupt.js'),
      import('../soak-output.js'),
      import('../verify-targets.js'),
    ]);
  const { chosen, runtimes, trustedCaFile, mirrors } = await openChoice(names, flags);
  const { duration: durationMs, connections, memory: memoryMiB, without, seed = anySeed() } = flags;
  const report = await interruptible((signal) =>
    soak({
      targets: chosen.map(({ request }) => request),
      runtimes,
      trustedCaFile,
      mirrors,
      durationMs,
      connections,
      memoryMiB,
      without,
      seed,
      onProgress: soakProgress(),
      signal,
    }),
  );
  await showSoak(report, flags);
}
