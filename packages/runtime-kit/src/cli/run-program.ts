import { type Command, CommanderError } from 'commander';
import { ERROR_CODES } from '../errors.js';
import { report } from './failure.js';

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
