import type { Command } from 'commander';

export interface NamespaceFlag {
  namespace: string;
}

export function addNamespaceOption(command: Command): Command {
  return command.option('-n, --namespace <name>', 'of the function', 'default');
}
