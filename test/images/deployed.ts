import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalog } from 'runtime-kit/catalog';
import { connectEngine } from 'runtime-kit/engine';
import {
  type DeployedFunction,
  deployFunction,
  describeFunction,
  type FunctionWishes,
  findRuntime,
  openWorkbench,
  planFunction,
  readSource,
  unpackContent,
} from 'runtime-kit/functions';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { type CliResult, kubeless } from '../../packages/runtime-kit/test/support/cli.js';
import { ROOT, type Running, startProgram } from './support.js';

const BIN = join(ROOT, 'packages/kubeless-cli/bin/kubeless.js');

const catalog = await loadCatalog(ROOT);
/** Of the compiled package, as its functions want it: they bring the compiled front to the engine. */
export const engine = await connectEngine();

/** The newest version of each language. */
export const VARIANTS = catalog.runtimes.flatMap(({ variants }) => variants.slice(0, 1));

/** A namespace that nothing else has; what is left in it goes away with the test. */
export function newNamespace(): string {
  const namespace = `test-${randomBytes(4).toString('hex')}`;
  onTestFinished(async () => {
    const { containers, volumes } = await leftIn(namespace);
    for (const id of containers) await engine.containers.remove(id);
    for (const name of volumes) await engine.volumes.remove(name);
  });
  return namespace;
}

/** Containers and volumes of a namespace. */
export async function leftIn(namespace: string) {
  const label = `io.kubeless.namespace=${namespace}`;
  const [containers, volumes] = await Promise.all([
    engine.containers.withLabel(label),
    engine.volumes.withLabel(label),
  ]);
  return { containers, volumes };
}

export const NOTHING_LEFT = { containers: [], volumes: [] };

/** Runs `kubeless function …` on functions of a namespace. */
export function kubelessIn(namespace: string) {
  return (args: string[], env: Record<string, string> = {}): Promise<CliResult> =>
    kubeless(['function', ...args, '--namespace', namespace], { cwd: ROOT, env });
}

/** Starts `kubeless …` for tests that do something to it, or to the engine, while it runs. */
export function startKubeless(args: string[], env: Record<string, string> = {}): Running {
  return startProgram(BIN, args, ROOT, env);
}

/** The example `get` of a language: its file and handler, and what it answers. */
export async function getExample(language: string) {
  const folder = join(ROOT, 'examples', language, 'get');
  const { handler } = parse(await readFile(join(folder, 'example.yaml'), 'utf8')) as {
    handler: string;
  };
  const runtime = catalog.runtimes.find((one) => one.language === language);
  const [module] = handler.split('.');
  return { handler, file: join(folder, `${module}${runtime?.manifest.function.suffix}`) };
}

/** Deploys the example `get` of a runtime in this process. */
export async function deployExample(
  name: string,
  namespace: string,
  { id, runtime: { language } }: { id: string; runtime: { language: string } },
  wishes: FunctionWishes = {},
): Promise<DeployedFunction> {
  const { handler, file } = await getExample(language);
  const source = await readSource(file);
  const resource = describeFunction(
    { name, namespace },
    { handler, runtime: id, source, ...wishes },
  );
  const content = await unpackContent(resource.spec);
  const plan = planFunction(resource, content, findRuntime(catalog, id));
  return deployFunction(await openWorkbench(engine, catalog), { plan, resource });
}
