import type { Command } from 'commander';
import * as check from './check.js';
import * as render from './render.js';

const COMMANDS = [render, check];

export function register(program: Command): void {
  const config = program
    .command('config')
    .description('make and check the ConfigMap from which Kubeless knows its runtimes')
    .addHelpText('after', EXAMPLES);
  for (const { register } of COMMANDS) register(config);
}

const EXAMPLES = `
Examples:
  $ runtime-kit config render --format configmap --from installed.yaml --output new.yaml
  $ runtime-kit config check new.yaml`;
