import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FunctionWishes, PullPolicy } from 'runtime-kit/functions';
import { addNamespaceOption, type NamespaceFlag } from './namespace.js';
import { parsePairs, splitList } from './pairs.js';

/** What `function deploy`, `update` and `dev` take. */
export interface FunctionFlags extends NamespaceFlag {
  runtime?: string;
  handler?: string;
  fromFile?: string;
  dependencies?: string;
  env: string[];
  label: string[];
  secrets: string[];
  timeout?: string;
  memory?: string;
  cpu?: string;
  port?: number;
  servicePort?: number;
  headless?: true;
  runtimeImage?: string;
  imagePullPolicy?: PullPolicy;
  schedule?: string;
}

export function addFunctionOptions(command: Command): Command {
  command
    .option('-r, --runtime <id>', 'one of get-server-config')
    .option('--handler <file.function>', 'file without its suffix, and the function in it')
    .option(
      '-f, --from-file <file>',
      'a file, a zip, a tar (plain, gz, bz2, xz), or the URL of one',
    )
    .option('-d, --dependencies <file>', "the runtime's dependency file")
    .option('-e, --env <name=value,…>', 'variables of the function', collect, [])
    .option('-l, --label <name=value,…>', 'labels of the function', collect, [])
    .option('--timeout <seconds>', 'for one call (180 if unset)')
    .option('--memory <quantity>', 'such as 128Mi')
    .option('--cpu <quantity>', 'processors, such as 500m')
    .option('--port <port>', 'that the server listens at in its container (8080 if unset)', toPort)
    .option(
      '--servicePort <port>',
      'of this machine, where calls go to (a free one if unset)',
      toPort,
    )
    .option('--headless', 'for a cluster: a service without an address')
    .option('--runtime-image <image>', 'an image of your own')
    .addOption(
      new Option(
        '--image-pull-policy <policy>',
        'for a cluster; an engine pulls what it lacks',
      ).choices(['Always', 'IfNotPresent', 'Never']),
    )
    .option('--schedule <cron>', 'for a cluster: calls by the clock')
    .option('--secrets <name,…>', 'for a cluster: secrets to mount', collect, []);
  return addNamespaceOption(command);
}

/** The flags as wishes; files are not read yet. */
export function wishesOf(flags: FunctionFlags): FunctionWishes {
  const { runtime, handler, timeout, memory, cpu, port, servicePort, schedule } = flags;
  const { headless, runtimeImage, imagePullPolicy, env, label } = flags;
  const secrets = flags.secrets.flatMap(splitList);
  return {
    ...{ runtime, handler, timeout, memory, cpu, port, servicePort, schedule },
    ...{ headless, runtimeImage, imagePullPolicy, secrets },
    env: env.length > 0 ? parsePairs('--env', env) : undefined,
    labels: label.length > 0 ? parsePairs('--label', label) : undefined,
  };
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

function toPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError(`Invalid port number ${text} specified: give one from 1 to 65535`);
}
