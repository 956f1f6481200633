import type { Command } from 'commander';
import * as apply from '../apply.js';
import * as call from './call.js';
import * as remove from './delete.js';
import * as deploy from './deploy.js';
import * as describe from './describe.js';
import * as dev from './dev.js';
import * as list from './list.js';
import * as logs from './logs.js';
import * as top from './top.js';
import * as update from './update.js';

const COMMANDS = [deploy, call, list, describe, logs, update, remove, top, apply, dev];

export function register(program: Command): void {
  const command = program
    .command('function')
    .description('deploy, call, list, update and delete functions')
    .addHelpText('after', EXAMPLES);
  for (const { register } of COMMANDS) register(command);
}

const EXAMPLES = `
Examples:
  $ kubeless function deploy hello --runtime RUNTIME --handler hello.greet --from-file FILE
  $ kubeless function ls
  $ kubeless function call hello --data '{"name": "Ada"}'
  $ kubeless function delete hello`;
