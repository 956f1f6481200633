import type { Command } from 'commander';

interface PushFlags {
  registry: string;
  all?: true;
  json?: true;
}

export function register(program: Command): void {
  program
    .command('push')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('push built images to a registry; what is there already is left as it is')
    .requiredOption(
      '--registry <host/prefix>',
      'where to; credentials are those of the Docker config',
    )
    .option('--all', 'every version, not only the newest')
    .option('--json', 'print what was pushed as JSON; progress goes to stderr')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Each image gets a tag that never moves, VERSION-INPUTS-BASE-ARCHITECTURE, and the tags VERSION and, for
the newest version of a language, latest, which move. What may pass is tried again; a push that broke off
goes on where it was.

Examples:
  $ runtime-kit push --registry registry.example/functions
  $ runtime-kit push LANGUAGE --all --registry 127.0.0.1:5000/functions`;

async function run(selectors: string[], flags: PushFlags): Promise<void> {
  const [catalogs, { pushBuilds }, { connectEngine }, { interruptible }, output, { printJson }] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../pins/index.js'),
      import('../../engine/index.js'),
      import('../interrupt.js'),
      import('../push-output.js'),
      import('../print.js'),
    ]);
  const catalog = await catalogs.loadRepositoryCatalog();
  const variants = catalogs.selectVariants(catalog.runtimes, selectors, flags);
  const { registry } = flags;
  const results = await interruptible((signal) =>
    pushBuilds(catalog, variants, {
      registry,
      connect: connectEngine,
      onEvent: output.printEvent,
      signal,
    }),
  );
  if (flags.json) printJson(results);
  else output.printPushes(results);
}
