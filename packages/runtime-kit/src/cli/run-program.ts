import { type Command, CommanderError } from 'commander';
import { ERROR_CODES } from '../errors.js';
import { report } from './failure.js';

/** Commands by name, each with the file that registers it. */
export type CommandFiles = Readonly<
  Record<string, () => Promise<{ register: (program: Command) => void }>>
>;

/** Loads no more than a command line needs: the command that it begins with, none for the version, else all. */
export async function addCommands(
  program: Command,
  files: CommandFiles,
  [, , first = '']: string[],
): Promise<void> {
  if (first === '--version' || first === '-V') return;
  const named = Object.hasOwn(files, first) ? files[first] : undefined;
  const needed = named ? [named] : Object.values(files);
  for (const { register } of await Promise.all(needed.map((load) => load()))) register(program);
}

/** Runs a command line; returns the exit code. */
export async function runProgram(program: Command, argv: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreMissingReader);
  throwInsteadOfExit(program);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has printed what is wrong; help and version are no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERROR_CODES.USAGE;
    return report(error, { json: argv.includes('--json') });
  }
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}

/** Whoever reads the output, such as `head`, may have enough of it: the work goes on, and its exit code counts. */
function ignoreMissingReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
