import type { Command } from 'commander';

export function register(program: Command): void {
  const bundle = program
    .command('bundle')
    .description('carry pinned images, with their evidence, to where no registry is reached')
    .addHelpText('after', EXAMPLES);
  bundle
    .command('create')
    .argument('[selectors...]', 'languages or runtime ids; everything that is pinned if none')
    .description('write pinned images with pins, evidence and build records into one archive')
    .requiredOption('--output <file>', 'the archive, an OCI image layout as tar')
    .option('--json', 'print what is in it as JSON; progress goes to stderr')
    .addHelpText('after', CREATE_EXAMPLES)
    .action(create);
  bundle
    .command('load')
    .argument('<file>', 'what bundle create wrote')
    .description('check an archive and take over what is in it')
    .option('--registry <host/prefix>', 'push the images there, and have the pins name it')
    .option('--no-engine', 'leave the engine alone')
    .option('--json', 'print what was loaded as JSON; progress goes to stderr')
    .addHelpText('after', LOAD_EXAMPLES)
    .action(load);
}

const EXAMPLES = `
Examples:
  $ runtime-kit bundle create --output runtimes.tar
  $ runtime-kit bundle load runtimes.tar --registry registry.example/functions`;

const CREATE_EXAMPLES = `
Examples:
  $ runtime-kit bundle create --output runtimes.tar
  $ runtime-kit bundle create LANGUAGE --output LANGUAGE.tar`;

const LOAD_EXAMPLES = `
Every byte is held against its sum, and every pin against its evidence, before anything is changed. The images
go into the engine, as far as they are of its platform, and with --registry into a registry.

Examples:
  $ runtime-kit bundle load runtimes.tar
  $ runtime-kit bundle load runtimes.tar --registry registry.example/functions --no-engine`;

async function create(
  selectors: string[],
  { output: file, json }: { output: string; json?: true },
): Promise<void> {
  const [catalogs, pins, { interruptible }, output] = await Promise.all([
    import('../../catalog/index.js'),
    import('../../pins/index.js'),
    import('../interrupt.js'),
    import('../bundle-output.js'),
  ]);
  const { catalog, locks } = await pins.readPinned(await catalogs.loadRepositoryCatalog());
  const chosen = pins.chooseLocks(catalog, locks, selectors);
  const created = await interruptible((signal) =>
    pins.createBundle(catalog, chosen, { output: file, onBlob: output.printBlob, signal }),
  );
  output.printCreated(file, created, { json });
}

async function load(
  file: string,
  { registry, engine, json }: { registry?: string; engine: boolean; json?: true },
): Promise<void> {
  const [{ loadRepositoryCatalog }, { loadBundle }, { connectEngine }, { interruptible }, output] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../pins/index.js'),
      import('../../engine/index.js'),
      import('../interrupt.js'),
      import('../bundle-output.js'),
    ]);
  const catalog = await loadRepositoryCatalog();
  const connect = engine ? connectEngine : undefined;
  const loaded = await interruptible((signal) =>
    loadBundle(catalog, file, { registry, connect, onEvent: output.printEvent, signal }),
  );
  output.printLoaded(loaded, { json });
}
