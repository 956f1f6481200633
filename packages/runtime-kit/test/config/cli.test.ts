import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runtimeKit } from '../support/cli.js';
import { folderOf } from '../support/toy.js';
import { KUBELESS_FILE, pinnedToy } from './sample.js';

describe('help has examples', () => {
  test.each(['render', 'check', 'diff', 'apply', 'rollback', 'add-runtime'])(
    'of config %s',
    async (name) => {
      const { code, stdout } = await runtimeKit(['config', name, '--help']);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`$ runtime-kit config ${name}`)]);
    },
  );
});

test('render, check, diff and get-server-config from a ConfigMap of Kubeless to one of ours', async () => {
  const { repository } = await pinnedToy({ config: { aliases: { 'toy1.8': 'toy1.10' } } });
  const inside = { cwd: repository };
  const file = join(repository, 'deploy/new.yaml');
  const from = ['--from', KUBELESS_FILE];
  const written = await runtimeKit(['config', 'render', ...from, '--output', file], inside);
  expect(written).toMatchObject({ code: 0, stdout: '', stderr: `wrote ${file}\n` });
  const printed = await runtimeKit(['config', 'render', ...from], inside);
  expect(printed.stdout).toBe(await readFile(file, 'utf8'));
  const [, configMap] = parseAllDocuments(printed.stdout).map((one) => one.toJS());
  expect(configMap.data['service-type']).toBe('ClusterIP');

  const checked = await runtimeKit(['config', 'check', file], inside);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(checked.stdout).toMatch(/^warning +tag +builder-image /m);

  const diff = await runtimeKit(['config', 'diff', KUBELESS_FILE, file], inside);
  expect(diff).toMatchObject({ code: 1, stderr: '' });
  expect(diff.stdout).toMatch(/^python3\.7 +installation +image +python:3\.7 +-$/m);
  expect(diff.stdout).toMatch(
    /^toy1\.8 +runtime +image +- +registry\.example\/f\/toy@[0-9a-f]{12}$/m,
  );
  expect(await runtimeKit(['config', 'diff', file, 'pins'], inside)).toMatchObject({
    code: 0,
    stdout: 'no differences\n',
  });

  for (const args of [[], ['--from', file]]) {
    const { code, stdout } = await runtimeKit(['get-server-config', ...args, '--json'], inside);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { runtime: 'toy1.10', images: [{ phase: 'installation' }, { phase: 'runtime' }] },
      { runtime: 'toy1.8', alias: 'toy1.10' },
    ]);
  }
  const listed = await runtimeKit(['list'], inside);
  expect(listed.stdout).toMatch(/^toy1\.8 +alias of toy1\.10 /m);
});

test('check exits with 1 on an error, and prints JSON all the same', async () => {
  const { repository } = await pinnedToy();
  const file = join(await folderOf({ 'c.json': '[{"ID": "toy", "versions": []}, {}]' }), 'c.json');
  const { code, stdout, stderr } = await runtimeKit(['config', 'check', file, '--json'], {
    cwd: repository,
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([{ level: 'error', where: '[1].ID' }]);
  expect(JSON.parse(stderr).error).toMatchObject({ code: 'CHECK_FAILED' });
});

test('diff that fails exits with more than 1', async () => {
  const { repository } = await pinnedToy();
  for (const args of [
    ['nowhere.yaml', 'pins'],
    ['pins', 'runtime-kit.config.yaml'],
  ]) {
    const { code, stdout, stderr } = await runtimeKit(['config', 'diff', ...args], {
      cwd: repository,
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^DIFF_FAILED: CONFIGMAP_INVALID: /);
  }
});

test('an unverified pin is rendered with a warning on stderr', async () => {
  const verdict = { verdict: 'unverified' as const, reason: 'no time' };
  const { repository } = await pinnedToy({ pin: { verdict } });
  const { code, stdout, stderr } = await runtimeKit(['config', 'render', '--format', 'json'], {
    cwd: repository,
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toBe('unverified: toy1.10 is not proved by any report: no time\n');
});

describe('wrong use', () => {
  test.each([
    [['render', '--format', 'toml'], "argument 'toml' is invalid"],
    [
      ['render', '--format', 'json', '--from', 'x'],
      '--from is a ConfigMap, and --format is "json"',
    ],
    [['check'], "missing required argument 'file'"],
    [['add-runtime', 'x'], "required option '--report <file>' not specified"],
    [['rendre'], 'Did you mean render?'],
    [['rollback', '--to', '0'], '--to is "0"'],
  ])('%j exits with 2', async (args, message) => {
    const { repository } = await pinnedToy();
    const { code, stderr } = await runtimeKit(['config', ...args], { cwd: repository });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('add-runtime takes its own --version, and says what it wrote', async () => {
  const { repository } = await pinnedToy();
  const image = `registry.example/wood@sha256:${'7'.repeat(64)}`;
  const report = join(repository, 'report.json');
  await writeFile(report, '{}');
  const args = ['config', 'add-runtime', image, '--report', report, '--id', 'wood'];
  const { code, stderr } = await runtimeKit([...args, '--version', '2'], { cwd: repository });
  expect(code).toBe(1);
  expect(stderr).toContain(`PIN_REFUSED: ${image}: no report proves this image`);
});

describe('without a cluster', () => {
  const kubeconfig = (server: string) =>
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'here',
    });

  test.each([
    [
      'no such file',
      '/nowhere.yaml',
      [],
      1,
      'KUBECONFIG_INVALID: cannot read the kubeconfig /nowhere',
    ],
    [
      'no such context',
      'k.json',
      ['--context', 'there'],
      1,
      'KUBECONFIG_INVALID: the kubeconfig has no context "there"',
    ],
    ['no server', 'k.json', [], 75, 'CLUSTER_UNREACHABLE: http://127.0.0.1:9: '],
  ])('%s', async (_, file, args, exitCode, message) => {
    const { repository } = await pinnedToy();
    await writeFile(join(repository, 'k.json'), kubeconfig('http://127.0.0.1:9'));
    const flags = ['--kubeconfig', file, ...args];
    for (const command of [['apply'], ['rollback', '--list']]) {
      const { code, stderr } = await runtimeKit(['config', ...command, ...flags], {
        cwd: repository,
      });
      expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
    }
  });

  test('what check calls an error is refused before anybody is asked', async () => {
    const { repository } = await pinnedToy();
    await writeFile(
      join(repository, 'images.json'),
      '[{"ID": "toy", "versions": [{"version": "1.10"}]}]',
    );
    const { code, stdout, stderr } = await runtimeKit(['config', 'apply', 'images.json'], {
      cwd: repository,
      env: { KUBECONFIG: '/nowhere' },
    });
    expect(code).toBe(1);
    expect(stdout).toContain('no image has the phase "runtime"');
    expect(stderr).toContain('CHECK_FAILED: images.json: 2 errors');
  });
});
