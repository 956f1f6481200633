import { type Command, Option } from 'commander';
import { addFunctionOptions, type FunctionFlags } from '../../function-flags.js';

interface DeployFlags extends FunctionFlags {
  dryrun?: true;
  output: 'yaml' | 'json';
}

export function register(program: Command): void {
  const command = program
    .command('deploy')
    .argument('<name>', 'a DNS label: lower-case letters, digits and dashes')
    .description('deploy a function, and wait until it answers');
  addFunctionOptions(command)
    .option('--dryrun', 'print the Function resource for a cluster, and do nothing')
    .addOption(
      new Option('-o, --output <format>', 'of --dryrun').choices(['yaml', 'json']).default('yaml'),
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function deploy hello --runtime RUNTIME --handler hello.greet --from-file FILE
  $ kubeless function deploy hello --runtime RUNTIME --handler hello.greet --from-file all.zip --env A=b,C=d
  $ kubeless function deploy pages --runtime-image IMAGE --port 80 --servicePort 8080
  $ kubeless function deploy hello --runtime RUNTIME --handler hello.greet --from-file FILE --dryrun -o json`;

async function run(name: string, flags: DeployFlags): Promise<void> {
  const [prepare, { interruptible }, { functionText, deployFunction }, deploying, { info }] =
    await Promise.all([
      import('../../prepare.js'),
      import('runtime-kit/cli'),
      import('runtime-kit/functions'),
      import('../../deploying.js'),
      import('../../info.js'),
    ]);
  const { namespace, dryrun, output, servicePort } = flags;
  await interruptible(async (signal) => {
    const resource = await prepare.describeFlags({ name, namespace }, flags, undefined, signal);
    if (dryrun) {
      process.stdout.write(functionText(resource, output));
      return;
    }
    const deployment = await prepare.planResource(resource, signal);
    deploying.tellClusterMatters(resource);
    const bench = await deploying.openBench(signal);
    info('Deploying function...');
    const port = servicePort ?? deployment.port;
    deploying.tellDeployed(await deployFunction(bench, { ...deployment, port }));
  });
}
