import type { Command } from 'commander';

interface ApplyFlags {
  filename: string;
}

export function register(program: Command): void {
  program
    .command('apply')
    .description('deploy or update the functions of a file of Function resources')
    .requiredOption('-f, --filename <file>', 'YAML or JSON, several documents too; - for stdin')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless apply -f function.yaml
  $ kubeless function deploy hello --runtime-image IMAGE --dryrun | kubeless apply -f -`;

async function run({ filename }: ApplyFlags): Promise<void> {
  const [{ readResources, applyResource }, { interruptible }] = await Promise.all([
    import('../applying.js'),
    import('runtime-kit/cli'),
  ]);
  const resources = await readResources(filename);
  await interruptible(async (signal) => {
    for (const resource of resources) await applyResource(resource, signal);
  });
}
