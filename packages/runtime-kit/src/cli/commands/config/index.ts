import type { Command } from 'commander';
import * as addRuntime from './add-runtime.js';
import * as apply from './apply.js';
import * as check from './check.js';
import * as diff from './diff.js';
import * as render from './render.js';
import * as rollback from './rollback.js';

const COMMANDS = [render, check, diff, apply, rollback, addRuntime];

export function register(program: Command): void {
  const config = program
    .command('config')
    .description(
      'make, check, compare and apply the ConfigMap from which Kubeless knows its runtimes',
    )
    .addHelpText('after', EXAMPLES);
  for (const { register } of COMMANDS) register(config);
}

const EXAMPLES = `
Examples:
  $ runtime-kit config render --format configmap --from installed.yaml --output new.yaml
  $ runtime-kit config check new.yaml
  $ runtime-kit config diff installed.yaml new.yaml
  $ runtime-kit config apply new.yaml --restart
  $ runtime-kit config rollback --restart
  $ runtime-kit config add-runtime IMAGE --report report.json --id ID --version 1.0`;
