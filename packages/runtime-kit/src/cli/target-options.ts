import type { Command } from 'commander';

/** The flags of every command that starts servers: which images, or which local process. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--all', 'every version, not only the newest')
    .option('--language <id>', 'whose functions fit; for images that do not say it themselves')
    .option('--build-image <reference>', 'image in which phases run (default: TARGET-build)')
    .option('--command <command>', 'a local process instead of an image; needs no engine')
    .option('--prepare <command>', "with --command: run in the function's folder first")
    .option(
      '--runtime <folder>',
      'a folder with runtime.yaml and fixtures that is no part of the repository',
    );
}
