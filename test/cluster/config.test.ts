import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { connectCluster } from '../../packages/runtime-kit/src/cluster/index.js';
import { readLive } from '../../packages/runtime-kit/src/config/index.js';
import { KUBELESS_FILE, pinnedToy } from '../../packages/runtime-kit/test/config/sample.js';
import { type CliResult, runtimeKit } from '../../packages/runtime-kit/test/support/cli.js';
import { type ApiServer, startApiServer } from './api-server.js';
import { findTools } from './tools.js';

const DEPLOYMENT = 'kubeless-controller-manager';

let api: ApiServer;
let namespace: string;
let count = 0;
/** What Kubeless's own installation holds. */
let installed: V1ConfigMap;

beforeAll(async () => {
  api = await startApiServer(await findTools());
  const documents = parseAllDocuments(await readFile(KUBELESS_FILE, 'utf8'));
  installed = documents.map((one) => one.toJS()).find(({ kind }) => kind === 'ConfigMap');
});
afterAll(() => api?.stop());

/** A namespace of its own for each test, with Kubeless in it. */
beforeEach(async () => {
  namespace = `kubeless-${++count}`;
  await api.core.createNamespace({ body: { metadata: { name: namespace } } });
  const metadata = { ...installed.metadata, namespace };
  await api.core.createNamespacedConfigMap({ namespace, body: { ...installed, metadata } });
  const labels = { kubeless: 'controller' };
  const containers = [{ name: 'controller', image: 'controller@sha256:1' }];
  await api.apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: DEPLOYMENT },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
  });
});

const stored = (): Promise<V1ConfigMap> =>
  api.core.readNamespacedConfigMap({ name: 'kubeless-config', namespace });

const images = async () => (await stored()).data?.['runtime-images'];

async function config(repository: string, ...args: string[]): Promise<CliResult> {
  return runtimeKit(['config', ...args], {
    cwd: repository,
    env: { KUBECONFIG: api.kubeconfig, KUBELESS_NAMESPACE: namespace },
  });
}

describe('apply', () => {
  test('changes runtime-images alone, after it showed what would change', async () => {
    const { repository } = await pinnedToy();
    const before = await stored();
    const dry = await config(repository, 'apply', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^python3\.7 +runtime +image +kubeless\/python@1{12} +-$/m);
    expect(dry.stdout).toContain(
      `configmap/kubeless-config changed in ${namespace} (server dry run)`,
    );
    expect(await stored()).toEqual(before);

    const done = await config(repository, 'apply');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain(`rollout restart deployment ${DEPLOYMENT}`);
    const after = await stored();
    const rendered = await config(repository, 'render', '--format', 'json');
    expect(after.data).toEqual({ ...before.data, 'runtime-images': rendered.stdout.trimEnd() });
    expect(after.metadata?.annotations).toMatchObject(before.metadata?.annotations ?? {});

    const again = await config(repository, 'apply');
    expect(again.stdout).toContain('configmap/kubeless-config is as it should be');
    expect((await stored()).metadata?.resourceVersion).toBe(after.metadata?.resourceVersion);
  });

  test('of a file says which of its keys it leaves as they are', async () => {
    const { repository } = await pinnedToy();
    const text = await readFile(KUBELESS_FILE, 'utf8');
    await writeFile(join(repository, 'file.yaml'), text.replace('ClusterIP', 'NodePort'));
    const { code, stderr } = await config(repository, 'apply', 'file.yaml');
    expect([code, stderr]).toEqual([0, expect.stringContaining('left as they are: service-type:')]);
    expect((await stored()).data?.['service-type']).toBe('ClusterIP');
  });

  test('restarts the controller as kubectl rollout restart does', async () => {
    const { repository } = await pinnedToy();
    const { stdout } = await config(repository, 'apply', '--restart', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ changed: true, dryRun: false, restarted: true });
    const { spec } = await api.apps.readNamespacedDeployment({ name: DEPLOYMENT, namespace });
    const { annotations } = spec?.template.metadata ?? {};
    expect(Date.parse(annotations?.['kubectl.kubernetes.io/restartedAt'] ?? '')).toBeGreaterThan(0);
    expect(spec?.template.metadata?.labels).toEqual({ kubeless: 'controller' });
  });

  test('says what is done where there is no controller to restart', async () => {
    const { repository } = await pinnedToy();
    const { code, stderr } = await config(
      repository,
      'apply',
      '--restart',
      '--deployment',
      'other',
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`the ConfigMap is written, but ${namespace} has no deployment other`);
  });
});

test('diff and get-server-config know the cluster too', async () => {
  const { repository } = await pinnedToy();
  const env = { KUBECONFIG: api.kubeconfig, KUBELESS_NAMESPACE: namespace };
  const shown = await runtimeKit(['get-server-config', '--live', '--json'], {
    cwd: repository,
    env,
  });
  expect(JSON.parse(shown.stdout).map(({ runtime }: { runtime: string }) => runtime)).toEqual([
    'python3.7',
    'go1.11',
  ]);
  const before = await config(repository, 'diff', 'cluster', 'pins');
  expect(before).toMatchObject({ code: 1, stderr: '' });
  await config(repository, 'apply');
  expect(await config(repository, 'diff', 'cluster', 'pins')).toMatchObject({
    code: 0,
    stderr: '',
  });
});

describe('rollback', () => {
  test('goes back byte for byte, and forth again', async () => {
    const { repository } = await pinnedToy();
    const before = await images();
    await config(repository, 'apply');
    const applied = await images();
    const listed = await config(repository, 'rollback', '--list');
    expect(listed.stdout).toMatch(/^1 +\d{4}-.* +python3\.7, go1\.11$/m);
    const back = await config(repository, 'rollback', '--restart');
    expect(back.stdout).toContain(`deployment.apps/${DEPLOYMENT} restarted`);
    expect(await images()).toBe(before);
    await config(repository, 'rollback');
    expect(await images()).toBe(applied);
  });

  test('has the last five versions', async () => {
    const { repository } = await pinnedToy();
    const file = join(repository, 'images.json');
    const version = (number: number) =>
      JSON.stringify([
        {
          ID: 'x',
          versions: [{ version: `${number}`, images: [{ phase: 'runtime', image: 'x' }] }],
        },
      ]);
    for (let number = 1; number <= 7; number++) {
      await writeFile(file, version(number));
      expect(await config(repository, 'apply', file)).toMatchObject({ code: 0 });
    }
    const tooFar = await config(repository, 'rollback', '--to', '6');
    expect(tooFar).toMatchObject({ code: 2, stderr: expect.stringContaining('keeps 5 versions') });
    expect(await config(repository, 'rollback', '--to', '5')).toMatchObject({ code: 0 });
    expect(await images()).toBe(version(2));
  });

  test('of what was never applied is refused', async () => {
    const { repository } = await pinnedToy();
    expect(await config(repository, 'rollback')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('keeps 0 versions'),
    });
  });
});

describe('nothing is written', () => {
  const unchanged = async (act: () => Promise<void>) => {
    const before = await stored();
    await act();
    expect(await stored()).toEqual(before);
  };

  test('where somebody changed it meanwhile', async () => {
    const cluster = connectCluster({ kubeconfig: api.kubeconfig, namespace });
    const live = await readLive(cluster, 'kubeless-config');
    const change = { data: { 'runtime-images': '[]' }, annotations: {} };
    await cluster.changeConfigMap(live, { ...change, data: { a: 'b' } }, { dryRun: false });
    await unchanged(async () => {
      for (const dryRun of [true, false])
        await expect(cluster.changeConfigMap(live, change, { dryRun })).rejects.toMatchObject({
          code: 'CONFIGMAP_MOVED',
          exitCode: 75,
        });
    });
  });

  test('where the account may not', async () => {
    const { repository } = await pinnedToy();
    await unchanged(async () => {
      const { code, stderr } = await config(repository, 'apply', '--context', 'stranger');
      expect(code).toBe(1);
      expect(stderr).toMatch(/CLUSTER_REFUSED: .*User "stranger" cannot get resource "configmaps"/);
    });
  });

  test('where the server would not take it', async () => {
    const { repository } = await pinnedToy();
    await api.core.replaceNamespacedConfigMap({
      name: 'kubeless-config',
      namespace,
      body: { ...(await stored()), immutable: true },
    });
    await unchanged(async () => {
      const { code, stderr } = await config(repository, 'apply');
      expect([code, stderr]).toEqual([1, expect.stringMatching(/CLUSTER_REFUSED: .*immutable/)]);
    });
  });

  test('where there is no such ConfigMap', async () => {
    const { repository } = await pinnedToy();
    const { code, stderr } = await config(repository, 'apply', '--namespace', 'default');
    expect(code).toBe(1);
    expect(stderr).toContain('has no ConfigMap kubeless-config in the namespace default');
  });
});
