import type { Engine } from '../../../engine/index.js';
import { readFiles } from '../../../engine/index.js';
import { fixtureFiles } from '../fixtures.js';
import type { RuntimeFacts } from '../target.js';

const SOURCES = '/tmp/registry';
const TREE = '/tmp/tree';

export interface PackageOptions {
  engine: Engine;
  runtime: RuntimeFacts;
  image: string;
  labels: Record<string, string>;
}

/**
 * The files of a registry at `url`, by path: what the script `fixtures/registry/build` makes with the
 * language's own tools in its build image, without a network.
 */
export async function makePackages(
  { engine, runtime, image, labels }: PackageOptions,
  url: string,
): Promise<Map<string, Buffer>> {
  const sources = await fixtureFiles(runtime, { fixture: 'registry' });
  const id = await engine.containers.create({
    image,
    labels,
    user: '1000',
    workingDir: SOURCES,
    entrypoint: ['sh'],
    command: ['build'],
    env: { HOME: '/tmp', REGISTRY_URL: url, REGISTRY_TREE: TREE },
    network: 'none',
  });
  try {
    await engine.containers.putFiles(id, SOURCES, sources);
    await engine.containers.start(id);
    const code = await engine.containers.wait(id);
    if (code === 0) return await readFiles(engine, id, TREE);
    const { stdout, stderr } = await engine.containers.logs(id);
    throw new Error(
      `${runtime.fixtures}/registry/build ended with ${code}:\n${stdout}${stderr}`.trimEnd(),
    );
  } finally {
    await engine.containers.remove(id);
  }
}
