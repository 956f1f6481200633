import { printTable } from 'runtime-kit/cli';
import type { Engine } from 'runtime-kit/engine';
import {
  containerOf,
  type DeployedFunction,
  functionText,
  isReady,
  readFunction,
} from 'runtime-kit/functions';
import { dependencyLines } from './dependencies.js';

const HEAD = ['name', 'namespace', 'handler', 'runtime', 'dependencies', 'status'];
const WIDE = ['memory', 'env', 'label', 'schedule', 'url'];

export async function printFunctions(functions: DeployedFunction[], wide: boolean): Promise<void> {
  const rows = await Promise.all(
    functions.map(async (one) => [...(await row(one)), ...(wide ? wideCells(one) : [])]),
  );
  printTable(wide ? [...HEAD, ...WIDE] : HEAD, rows);
}

/** The resources with their content, one after the other. */
export async function printResources(
  engine: Engine,
  functions: DeployedFunction[],
  format: 'json' | 'yaml',
): Promise<void> {
  for (const one of functions) {
    if (!one.resource) continue;
    const { resource } = await readFunction(engine, one);
    const separator = format === 'yaml' && functions.length > 1 ? '---\n' : '';
    process.stdout.write(`${separator}${functionText(resource, format)}`);
  }
}

export async function statusOf(deployed: DeployedFunction): Promise<string> {
  return (await isReady(deployed)) ? '1/1 READY' : '0/1 NOT READY';
}

async function row(deployed: DeployedFunction): Promise<string[]> {
  const { name, namespace, resource } = deployed;
  const { handler = '', runtime = '', deps = '' } = resource?.spec ?? {};
  return [name, namespace, handler, runtime, dependencyLines(deps), await statusOf(deployed)];
}

function wideCells({ resource, url }: DeployedFunction): string[] {
  if (!resource) return ['', '', '', '', url];
  const { resources, env } = containerOf(resource.spec);
  const variables = (env ?? []).map(({ name, value = '' }) => `${name} = ${value}`);
  const labels = Object.entries(resource.metadata.labels).map(
    ([key, value]) => `${key} : ${value}`,
  );
  return [
    resources?.requests?.memory ?? '',
    variables.join('\n'),
    labels.join('\n'),
    resource.spec.schedule ?? '',
    url,
  ];
}
