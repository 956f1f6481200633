import type { Command } from 'commander';

interface PruneFlags {
  registry: string;
  yes?: true;
  json?: true;
}

export function register(program: Command): void {
  program
    .command('prune')
    .description('delete from a registry what no pin in git history and no list refers to')
    .requiredOption('--registry <host/prefix>', 'what push was given')
    .option('--yes', 'delete; without it nothing is changed')
    .option('--json', 'print what goes, what stays and why as JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Only the images of this repository's languages are looked at. It needs a whole clone: fetch all branches first.

Examples:
  $ runtime-kit prune --registry registry.example/functions
  $ runtime-kit prune --registry registry.example/functions --yes`;

async function run({ registry, yes, json }: PruneFlags): Promise<void> {
  const [{ loadRepositoryCatalog }, { pruneRegistry }, { interruptible }, output] =
    await Promise.all([
      import('../../catalog/index.js'),
      import('../../pins/index.js'),
      import('../interrupt.js'),
      import('../print.js'),
    ]);
  const deletes = yes === true;
  const catalog = await loadRepositoryCatalog();
  const plan = await interruptible((signal) =>
    pruneRegistry(catalog, { registry, deletes, signal }),
  );
  const fate = deletes ? 'deleted' : 'would be deleted';
  if (json) return output.printJson({ deleted: deletes, manifests: plan });
  const rows = plan.map(({ reference, digest, tags, stays }) => [
    reference,
    digest.slice(0, 19),
    tags.join('\n'),
    stays ?? fate,
  ]);
  output.printTable(['image', 'digest', 'tags', 'why it stays'], rows);
  if (!deletes && plan.some(({ stays }) => stays === undefined))
    output.print('nothing was deleted: add --yes');
}
