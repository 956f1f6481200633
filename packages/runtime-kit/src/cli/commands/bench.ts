import type { Command } from 'commander';

export interface BenchFlags {
  all?: true;
  scenario: string[];
  contender: string[];
  rounds?: string;
  duration?: string;
  starts?: string;
  workers?: string;
  quick?: true;
  paced: boolean;
  json?: true;
  markdown?: string;
  svg?: string;
  against?: string;
  budgets?: true;
  wait?: true;
  clean?: true;
}

export function register(program: Command): void {
  program
    .command('bench')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('measure images against bare servers and other function servers')
    .option('--all', 'every version, not only the newest')
    .option('--scenario <name>', 'hello, json, large, wait or work; can be repeated', collect, [])
    .option('--contender <id>', 'only these beside our image; can be repeated', collect, [])
    .option('--rounds <n>', 'how often everything is measured (default: 5)')
    .option('--duration <s>', 'whole seconds of load in each run (default: 5)')
    .option('--starts <n>', 'cold starts of each server (default: 20)')
    .option('--workers <n>', 'workers, and processors that a server may use (default: 1)')
    .option('--no-paced', 'leave out the runs at half of the peak rate')
    .option('--quick', 'one round of one second and one start, no paced runs: does it all work?')
    .option('--json', 'print the raw data as JSON')
    .option('--markdown <file>', 'write the results into a page, between its marks if it has them')
    .option('--svg <folder>', 'write charts')
    .option('--against <file>', 'compare with an earlier result, and tell changes from noise')
    .option('--budgets', "fail where idle memory or cold start is over the manifest's budget")
    .option('--wait', 'wait for another benchmark on this machine to end')
    .option('--clean', 'remove the images that benchmarks made, and stop')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
A run of everything takes more than an hour; the command says how long before it begins. Images that
are not built yet are built first. The raw data is kept in .runtime-kit/bench.

Examples:
  $ runtime-kit bench --quick
  $ runtime-kit bench LANGUAGE --scenario hello --rounds 5
  $ runtime-kit bench --markdown docs/benchmarks.md --svg docs/benchmarks
  $ runtime-kit bench LANGUAGE --against .runtime-kit/bench/EARLIER.json --budgets`;

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

async function run(selectors: string[], flags: BenchFlags): Promise<void> {
  const [catalogs, bench, { connectEngine }, { interruptible }, output, options] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../bench/index.js'),
      import('../../engine/index.js'),
      import('../interrupt.js'),
      import('../bench-output.js'),
      import('../bench-options.js'),
    ]);
  const { settings, scenarios } = options.readOptions(flags);
  const before = flags.against === undefined ? undefined : await bench.readResult(flags.against);
  const catalog = await catalogs.loadRepositoryCatalog();
  const variants = catalogs.selectVariants(catalog.runtimes, selectors, flags);
  const engine = await connectEngine();
  if (flags.clean) return output.printCleaned(await bench.removeBenchImages(engine));
  const result = await interruptible(async (signal) => {
    await options.buildFirst(engine, catalog, variants, signal);
    return bench.runBench({
      engine,
      catalog,
      variants,
      settings,
      scenarios,
      contenders: flags.contender,
      compressedSizes: !flags.quick,
      wait: flags.wait === true,
      onEvent: output.progressPrinter(),
      signal,
    });
  });
  await output.showResult(catalog.repository, result, before, flags);
}
