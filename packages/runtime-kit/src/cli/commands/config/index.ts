import type { Command } from 'commander';
import * as render from './render.js';

const COMMANDS = [render];

export function register(program: Command): void {
  const config = program
    .command('config')
    .description('make the ConfigMap from which Kubeless knows its runtimes')
    .addHelpText('after', EXAMPLES);
  for (const { register } of COMMANDS) register(config);
}

const EXAMPLES = `
Examples:
  $ runtime-kit config render --format configmap --from installed.yaml --output new.yaml`;
