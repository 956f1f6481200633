import type { Command } from 'commander';

interface BuildFlags {
  all?: true;
  allowEol?: true;
  force?: true;
  refreshBase?: true;
  jobs?: string;
  json?: true;
}

export function register(program: Command): void {
  program
    .command('build')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('build images; what did not change is kept')
    .option('--all', 'every version, not only the newest')
    .option('--allow-eol', 'also versions past their end of life')
    .option('--force', 'build though nothing changed')
    .option('--refresh-base', 'pull or make the base images again')
    .option('--jobs <n>', "variants built at a time (default: the machine's processors, at most 4)")
    .option('--json', 'print the records as JSON; progress goes to stderr')
    .addHelpText(
      'after',
      '\nExamples:\n  $ runtime-kit build\n  $ runtime-kit build --all --allow-eol --jobs 2',
    )
    .action(run);
}

async function run(selectors: string[], flags: BuildFlags): Promise<void> {
  const [catalogs, builds, { connectEngine }, { followBuilds }, { interruptible }, results] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../build/index.js'),
      import('../../engine/index.js'),
      import('../build-progress.js'),
      import('../interrupt.js'),
      import('../build-results.js'),
    ]);
  const concurrency = await jobs(flags.jobs);
  const catalog = await catalogs.loadRepositoryCatalog();
  const variants = catalogs.selectVariants(catalog.runtimes, selectors, flags);
  if (!flags.allowEol) builds.refuseEndOfLife(variants, new Date());
  const planned = await builds.planBuilds(catalog, variants);
  const engine = await connectEngine();
  const built = await interruptible((signal) =>
    followBuilds(planned, (onEvent) =>
      builds.executeBuilds(engine, catalog, planned, {
        ...flags,
        concurrency,
        onEvent,
        signal,
      }),
    ),
  );
  results.printBuilds(built, flags);
}

async function jobs(flag: string | undefined): Promise<number> {
  const [{ availableParallelism }, { RuntimeKitError }] = await Promise.all([
    import('node:os'),
    import('../../errors.js'),
  ]);
  if (flag === undefined) return Math.min(availableParallelism(), 4);
  const count = Number(flag);
  if (Number.isInteger(count) && count > 0) return count;
  throw new RuntimeKitError('USAGE', `--jobs is "${flag}"`, {
    hint: 'give a whole number from 1',
  });
}
