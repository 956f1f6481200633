import { print } from 'runtime-kit/cli';
import { containerOf, type DeployedFunction } from 'runtime-kit/functions';
import { dependencyLines } from './dependencies.js';
import { statusOf } from './list-output.js';

export async function printDescription(deployed: DeployedFunction): Promise<void> {
  const { name, namespace, url, resource } = deployed;
  const rows = [
    ['Name:', name],
    ['Namespace:', namespace],
    ...(resource ? specRows(resource) : []),
    ['Status:', await statusOf(deployed)],
    ['URL:', url],
  ];
  const width = Math.max(...rows.map(([title = '']) => title.length)) + 1;
  for (const [title = '', value = ''] of rows)
    print(`${title.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(width)}`)}`.trimEnd());
}

function specRows({ metadata, spec }: NonNullable<DeployedFunction['resource']>): string[][] {
  const { env, image, resources } = containerOf(spec);
  const optional = [
    ['Image:', image],
    ['Schedule:', spec.schedule],
  ].filter((row): row is string[] => row[1] !== undefined);
  return [
    ['Handler:', spec.handler],
    ['Runtime:', spec.runtime],
    ['Label:', JSON.stringify(metadata.labels)],
    ['Envvar:', JSON.stringify(env ?? [])],
    ['Memory:', resources?.requests?.memory ?? '0'],
    ['CPU:', resources?.requests?.cpu ?? '0'],
    ['Timeout:', spec.timeout],
    ['Dependencies:', dependencyLines(spec.deps)],
    ...optional,
  ];
}
