import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Catalog, loadCatalog } from '../../src/catalog/index.js';
import type { Content } from '../../src/functions/content/unpack.js';
import { planFunction } from '../../src/functions/plan/plan.js';
import { describeFunction, type FunctionWishes } from '../../src/functions/resource/describe.js';
import { findRuntime, unknownRuntime } from '../../src/functions/runtimes.js';
import { toyManifest, toyRepository } from '../support/toy.js';

const CONFIG = `apiVersion: runtime-kit/v1
prefix: test
aliases: { toy0.9: toy1.10 }
customRuntimes:
  - id: other
    version: '2'
    images: [{ phase: runtime, image: 'example/other@sha256:${'0'.repeat(64)}' }]
`;
const FILE: Content = { file: Buffer.from('code') };
const WISHES: FunctionWishes = { handler: 'hello.greet', runtime: 'toy1.10' };

async function toys(): Promise<Catalog> {
  const compiled = toyManifest({
    env: { TOY_PATH: '$(KUBELESS_INSTALL_VOLUME)/toys{{version}}' },
    phases: {
      installation: { command: 'install-toys', env: { TOYS: 'all' } },
      compilation: { command: 'compile-toys' },
    },
    capabilities: { data: 'parsed', checks: 'compile' },
  });
  const folder = await toyRepository({ 'runtime-kit.config.yaml': CONFIG }, compiled as never);
  return loadCatalog(join(folder));
}

async function planOf(wishes: FunctionWishes, content: Content | 'none' = FILE) {
  const resource = describeFunction({ name: 'hello', namespace: 'default' }, wishes);
  const given = content === 'none' ? undefined : content;
  return planFunction(resource, given, findRuntime(await toys(), resource.spec.runtime));
}

function withoutContent({ files, ...plan }: Awaited<ReturnType<typeof planOf>>) {
  return { ...plan, files: files.map(({ path, content }) => `${path}: ${content}`) };
}

describe('the plan of a function', () => {
  test('with a file, dependencies, limits and variables', async () => {
    const plan = await planOf({
      ...WISHES,
      deps: 'toys',
      env: { COLOUR: 'red', FUNC_HANDLER: 'other', TOYS: 'none' },
      memory: '128Mi',
      cpu: '500m',
      timeout: '2.5',
      port: 9000,
      labels: { team: 'toys' },
    });
    expect(withoutContent(plan)).toMatchSnapshot();
  });

  test('without dependencies has no installation', async () => {
    const { phases, files } = await planOf(WISHES);
    expect(phases.map(({ phase }) => phase)).toEqual(['compilation']);
    expect(files.map(({ path }) => path)).toEqual(['hello.toy']);
  });

  test('with the dependency file in its archive has one', async () => {
    const files = ['hello.toy', 'toys.txt'].map((path) => ({ path, content: 'x' }));
    const { phases } = await planOf(WISHES, { files });
    expect(phases.map(({ phase }) => phase)).toEqual(['installation', 'compilation']);
  });

  test('of an alias is what it stands for, under its own name', async () => {
    const { server } = await planOf({ ...WISHES, runtime: 'toy0.9' });
    expect(server).toMatchObject({ image: 'test/toy:1.10', env: { FUNC_RUNTIME: 'toy0.9' } });
  });

  test('with an image of its own runs our phases, and that image as it is', async () => {
    const { phases, server } = await planOf({ ...WISHES, runtimeImage: 'example/toy:1' });
    expect(phases).toHaveLength(1);
    expect(server).toMatchObject({ image: 'example/toy:1', confined: false });
  });

  test('of an unknown runtime has the function as /kubeless/function and no phases', async () => {
    const plan = await planOf({ ...WISHES, runtime: 'lego1', runtimeImage: 'example/lego:1' });
    expect(plan).toMatchObject({ files: [{ path: 'function' }], phases: [] });
    expect(plan.server.env).toMatchObject({ MOD_NAME: 'hello', FUNC_HANDLER: 'greet' });
  });

  test('of a custom runtime without a suffix too', async () => {
    const plan = await planOf({ ...WISHES, runtime: 'other2' });
    expect(plan).toMatchObject({ files: [{ path: 'function' }], server: { confined: true } });
  });

  test('of an image alone is that image, healthy as soon as it answers', async () => {
    const { server, ...plan } = await planOf({ runtimeImage: 'example/pages:1' }, 'none');
    expect(plan).toMatchObject({ files: [], phases: [] });
    expect(server.probe.healthy).toBe('answer');
    expect(server.env).not.toHaveProperty('FUNC_HANDLER');
  });

  test.each<[string, FunctionWishes, Content | 'none', string]>([
    ['no image', {}, 'none', 'has neither runtime nor image'],
    [
      'secrets',
      { ...WISHES, secrets: ['token'] },
      FILE,
      'mounts token, and an engine has no secrets',
    ],
    [
      'dependencies of nobody',
      { ...WISHES, runtime: 'other2', deps: 'x' },
      FILE,
      'is not told how to install',
    ],
    ['a timeout', { ...WISHES, timeout: '0' }, FILE, 'timeout "0" is no number of seconds'],
    [
      'a module that the archive has not',
      WISHES,
      { files: [{ path: 'hallo.toy' }, { path: 'lib/x.toy' }] },
      'wants hello.toy, and the archive has hallo.toy, lib/x.toy',
    ],
  ])('with %s is refused', async (_what, wishes, content, message) => {
    await expect(planOf(wishes, content)).rejects.toThrow(message);
  });
});

describe('a runtime that is not there', () => {
  test('is told the nearest first', async () => {
    const error = unknownRuntime(await toys(), 'tyo1.9');
    expect(error.message).toBe(
      'Invalid runtime: tyo1.9. Supported runtimes are: toy1.9, toy0.9, toy1.10, other2',
    );
    expect(error.hint).toBe('take one of them, such as toy1.9');
  });

  test('of an old version is told how to let it stand for a new one', async () => {
    expect(unknownRuntime(await toys(), 'toy0.5').hint).toContain('aliases: { toy0.5: toy1.10 }');
  });
});
