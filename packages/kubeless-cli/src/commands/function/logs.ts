import { type Command, InvalidArgumentError } from 'commander';
import { addNamespaceOption, type NamespaceFlag } from '../../namespace.js';

interface LogsFlags extends NamespaceFlag {
  follow?: true;
  tail?: number;
}

export function register(program: Command): void {
  const command = program
    .command('logs')
    .argument('<name>')
    .description('show what a function printed')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--tail <lines>', 'only the last ones', toCount);
  addNamespaceOption(command).addHelpText('after', EXAMPLES).action(run);
}

const EXAMPLES = `
Examples:
  $ kubeless function logs hello
  $ kubeless function logs hello -f --tail 10`;

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new InvalidArgumentError('give a number of lines');
}

async function run(name: string, { namespace, follow, tail }: LogsFlags): Promise<void> {
  const [{ readFunction }, { onEngine }, { untilInterrupted }] = await Promise.all([
    import('runtime-kit/functions'),
    import('../../on-engine.js'),
    import('../../until-interrupted.js'),
  ]);
  await onEngine(async (engine) => {
    const { server } = await readFunction(engine, { name, namespace });
    const options = tail === undefined ? {} : { tail };
    if (follow)
      return untilInterrupted((signal) =>
        engine.containers.followLogs(server.id, process, { ...options, signal }),
      );
    const { stdout, stderr } = await engine.containers.logs(server.id, options);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
  });
}
