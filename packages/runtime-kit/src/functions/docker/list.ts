import { SUPPORT_FOLDER } from '../../conformance/targets/image/volumes.js';
import type { ContainerSummary, Engine } from '../../engine/index.js';
import { readFiles } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { FunctionResource } from '../resource/schema.js';
import { frontState } from './front.js';
import { type FunctionName, filtersOf, frontName, LABELS } from './labels.js';
import { CONTENT_FILE } from './revision.js';

/** A function as an engine has it. */
export interface DeployedFunction extends FunctionName {
  /** Where its calls go to, as long as the function is there. */
  url: string;
  front: ContainerSummary | undefined;
  /** The container that answers calls; undefined where none was ever healthy. */
  server: ContainerSummary | undefined;
  /** Without its content; undefined where there is no server. */
  resource: FunctionResource | undefined;
}

/** All functions, or those of a namespace, by their names. */
export async function listFunctions(
  engine: Engine,
  namespace?: string,
): Promise<DeployedFunction[]> {
  const filter = namespace === undefined ? LABELS.function : `${LABELS.namespace}=${namespace}`;
  const containers = await engine.containers.list([filter]);
  const groups = new Map<string, ContainerSummary[]>();
  for (const container of containers) {
    const key = frontName(nameOf(container));
    groups.set(key, [...(groups.get(key) ?? []), container]);
  }
  const found = await Promise.all([...groups.values()].map((group) => functionOf(engine, group)));
  return found.sort((a, b) => (frontName(a) < frontName(b) ? -1 : 1));
}

/** @throws RuntimeKitError FUNCTION_NOT_FOUND, with the functions there are */
export async function findFunction(engine: Engine, name: FunctionName): Promise<DeployedFunction> {
  const containers = await engine.containers.list(filtersOf(name));
  if (containers.length > 0) return functionOf(engine, containers);
  const others = (await listFunctions(engine, name.namespace)).map((one) => one.name);
  throw new RuntimeKitError('FUNCTION_NOT_FOUND', `there is no function ${name.name}`, {
    hint:
      others.length > 0
        ? `there are ${others.join(', ')}`
        : `there is none in the namespace ${name.namespace}: \`kubeless function deploy\` makes one`,
  });
}

/** The same with its resource, content included. @throws RuntimeKitError FUNCTION_NOT_FOUND, FUNCTION_FAILED */
export async function readFunction(
  engine: Engine,
  name: FunctionName,
): Promise<DeployedFunction & { server: ContainerSummary; resource: FunctionResource }> {
  const found = await findFunction(engine, name);
  const { server, resource } = found;
  if (!server || !resource)
    throw new RuntimeKitError('FUNCTION_FAILED', `${name.name} was never deployed to its end`, {
      hint: `delete it, \`kubeless function delete ${name.name}\`, and deploy it again`,
    });
  const files = await readFiles(engine, server.id, `${SUPPORT_FOLDER}/${CONTENT_FILE}`);
  const content = files.get(CONTENT_FILE)?.toString() ?? '';
  return {
    ...found,
    server,
    resource: { ...resource, spec: { ...resource.spec, function: content } },
  };
}

function nameOf({ labels }: ContainerSummary): FunctionName {
  return { name: labels[LABELS.function] ?? '', namespace: labels[LABELS.namespace] ?? '' };
}

async function functionOf(engine: Engine, group: ContainerSummary[]): Promise<DeployedFunction> {
  const byRole = (role: string) => group.filter(({ labels }) => labels[LABELS.role] === role);
  const [front] = byRole('front');
  const server = await currentServer(engine, front, byRole('server'));
  const text = server?.labels[LABELS.resource];
  const name = nameOf(group[0] as ContainerSummary);
  return {
    ...name,
    url: `http://127.0.0.1:${front?.labels[LABELS.port] ?? 0}`,
    front,
    server,
    resource: text === undefined ? undefined : (JSON.parse(text) as FunctionResource),
  };
}

/** While an update goes on there are two, and the front knows which answers. */
async function currentServer(
  engine: Engine,
  front: ContainerSummary | undefined,
  servers: ContainerSummary[],
): Promise<ContainerSummary | undefined> {
  if (!front || servers.length === 0) return servers[0];
  const state = await frontState(engine, front.id);
  return servers.find(({ labels }) => labels[LABELS.revision] === state?.revision);
}

/** Where its server itself listens; undefined where it does not run. */
export function serverOrigin({ server }: DeployedFunction): string | undefined {
  const port = server?.ports[Number(server.labels[LABELS.port])];
  return server?.running && port !== undefined ? `http://127.0.0.1:${port}` : undefined;
}
