import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { RuntimeKitError } from 'runtime-kit/errors';
import {
  deployFunction,
  type FunctionResource,
  findFunction,
  parseFunction,
  tellingEngineFailures,
  updateFunction,
} from 'runtime-kit/functions';
import { parseAllDocuments } from 'yaml';
import { openBench, tellClusterMatters, tellDeployed } from './deploying.js';
import { info } from './info.js';
import { planResource } from './prepare.js';

/** The Functions of a file; `-` is stdin. @throws RuntimeKitError USAGE, FUNCTION_INVALID */
export async function readResources(file: string): Promise<FunctionResource[]> {
  const content = await readText(file);
  const documents = parseAllDocuments(content);
  const found = [...documents].filter(({ contents }) => contents !== null);
  if (found.length === 0)
    throw new RuntimeKitError('FUNCTION_INVALID', `${file} holds no document`, {
      hint: '`kubeless function deploy … --dryrun` prints one',
    });
  return found.map((document) => {
    const [problem] = document.errors;
    if (problem)
      throw new RuntimeKitError('FUNCTION_INVALID', `${file}: ${problem.message.split('\n')[0]}`);
    return parseFunction(document.toJS(), file);
  });
}

/** Deploys a Function, or updates the one of its name. */
export async function applyResource(
  resource: FunctionResource,
  signal: AbortSignal,
): Promise<void> {
  const deployment = await planResource(resource, signal);
  tellClusterMatters(resource);
  const bench = await openBench(signal);
  const known = await tellingEngineFailures(findFunction(bench.engine, deployment.plan)).catch(
    (error: unknown) => {
      if (error instanceof RuntimeKitError && error.code === 'FUNCTION_NOT_FOUND') return undefined;
      throw error;
    },
  );
  info(known ? 'Redeploying function...' : 'Deploying function...');
  tellDeployed(
    await (known ? updateFunction(bench, known, deployment) : deployFunction(bench, deployment)),
  );
}

async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RuntimeKitError('USAGE', `--filename ${file} cannot be read`, {
      hint: 'check the path',
      cause,
    });
  });
}
