import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  imageName,
  loadRepositoryCatalog,
  type Variant,
} from '../../packages/runtime-kit/src/catalog/index.js';
import {
  folderOf,
  imageOf,
  leftOversSince,
  NOTHING,
  ROOT,
  runKit,
  startKit,
  until,
} from './support.js';

const run = promisify(execFile);

/** A web server with nothing of ours in it: the commonest custom image. */
function nginxImage(name: string, port: number): Promise<string> {
  const config = `pid /tmp/nginx.pid; events {} http { access_log /dev/stdout; client_body_temp_path /tmp; proxy_temp_path /tmp; fastcgi_temp_path /tmp; uwsgi_temp_path /tmp; scgi_temp_path /tmp; server { listen ${port}; location = /healthz { return 200 OK; } } }`;
  return imageOf(name, [
    'RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light',
    `RUN echo '${config}' > /etc/nginx/nginx.conf`,
    'USER 1000',
    'CMD ["nginx", "-e", "stderr", "-g", "daemon off;"]',
  ]);
}

const before = await leftOversSince();
const leftOvers = () => leftOversSince(before);

describe('the core profile', () => {
  test('passes for a plain nginx with /healthz on 8080', async () => {
    const image = await nginxImage('nginx', 8080);
    const { code, output } = await runKit(['verify', image, '--profile', 'core'], ROOT);
    expect(output).toContain('process.port');
    expect(output).toContain('process.healthz');
    expect(code, output).toBe(0);
  });

  test('fails for one that listens elsewhere, naming process.port and showing its log', async () => {
    const image = await nginxImage('nginx-elsewhere', 9090);
    const { code, output } = await runKit(
      ['verify', image, '--profile', 'core', '--reporter', 'json'],
      ROOT,
    );
    expect(code, output).toBe(1);
    const report = JSON.parse(output.slice(output.indexOf('{\n'), output.lastIndexOf('\n}') + 2));
    const failed = report.targets[0].rules.filter(
      ({ status }: { status: string }) => status === 'failed',
    );
    expect(failed.map(({ id }: { id: string }) => id)).toContain('process.port');
  });
});

describe('an image that cannot serve', () => {
  test('because it exits at once fails with its exit code and log', async () => {
    const image = await imageOf('exits', [
      'CMD ["sh", "-c", "echo there is no function here; exit 3"]',
    ]);
    const started = Date.now();
    const { code, output } = await runKit(['verify', image, '--profile', 'core'], ROOT);
    expect(code, output).toBe(1);
    expect(output).toContain('there is no function here');
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  test('because it never becomes healthy fails and does not hang', async () => {
    const image = await imageOf('sleeps', ['CMD ["sh", "-c", "echo waiting; exec sleep 600"]']);
    const { code, output } = await runKit(['verify', image, '--profile', 'core'], ROOT);
    expect(code, output).toBe(1);
    expect(output).toContain('waiting');
  });

  test('because there is none says so', async () => {
    const { code, output } = await runKit(['verify', 'localhost:1/nothing:here'], ROOT);
    expect(code).toBe(1);
    expect(output).toContain('IMAGE_NOT_FOUND');
  });
});

test('an unknown rule suggests the nearest and exits with 2', async () => {
  const { code, output } = await runKit(
    ['verify', 'some/image:tag', '--rule', 'proces.port'],
    ROOT,
  );
  expect(code, output).toBe(2);
  expect(output).toContain('did you mean process.port?');
});

test('Ctrl-C in the middle leaves no container, volume or file behind', async () => {
  const image = await imageOf('sleeps-on', ['CMD ["sh", "-c", "exec sleep 600"]']);
  const verification = startKit(['verify', image, '--profile', 'core'], ROOT);
  await until('a container runs', async () => (await leftOvers()).containers.length > 0);
  verification.interrupt();
  expect(await verification.ended, verification.output()).toBe(130);
  expect(await leftOvers()).toEqual(NOTHING);
});

test('Ctrl-C while a function is installed from the registry of the run leaves nothing either', async () => {
  const { runtimes } = await loadRepositoryCatalog(ROOT);
  const installing = runtimes.find(({ manifest }) => manifest.phases.installation);
  const language = installing?.language ?? '';
  const verification = startKit(['verify', language, '--rule', 'install.registry'], ROOT);
  await until('the registry has a network', async () => (await leftOvers()).networks.length > 0);
  verification.interrupt();
  expect(await verification.ended, verification.output()).toBe(130);
  expect(await leftOvers()).toEqual(NOTHING);
});

test('a build image that cannot even sleep is no obstacle to rules without phases', async () => {
  const { runtimes, config } = await loadRepositoryCatalog(ROOT);
  const interpreted = runtimes.find(({ manifest }) => !manifest.phases.compilation);
  const image = imageName(config.prefix, interpreted?.variants[0] as Variant, 'runtime');
  const { code, output } = await runKit(
    ['verify', image, '--build-image', image, '--rule', 'process.readonly'],
    ROOT,
  );
  expect(code, output).toBe(0);
  expect(await leftOvers()).toEqual(NOTHING);
});

test('two runs at once both pass and leave nothing behind', async () => {
  const image = await nginxImage('nginx', 8080);
  const command = ['verify', image, '--profile', 'core'];
  const results = await Promise.all([runKit(command, ROOT), runKit(command, ROOT)]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(await leftOvers()).toEqual(NOTHING);
});

test('the package, installed in an empty folder elsewhere, verifies an image', async () => {
  const image = await nginxImage('nginx', 8080);
  const folder = await folderOf({ 'package.json': '{"private": true}' });
  const { stdout } = await run(
    'npm',
    ['pack', '--silent', '--workspace', 'runtime-kit', '--pack-destination', folder],
    { cwd: ROOT },
  );
  await run('npm', ['install', '--no-audit', '--no-fund', `./${stdout.trim()}`], { cwd: folder });
  const { stdout: said } = await run(
    'npx',
    ['runtime-kit', 'verify', image, '--profile', 'core', '--reporter', 'json'],
    { cwd: folder },
  );
  expect(JSON.parse(said)).toMatchObject({ passed: true, profile: 'core' });
  expect((await readdir(folder)).sort()).toEqual(
    ['node_modules', 'package-lock.json', 'package.json', stdout.trim()].sort(),
  );
  await expect(
    run('ls', [join(folder, 'node_modules/runtime-kit/dist/embedded')]),
  ).resolves.toMatchObject({ stdout: expect.stringContaining('\n') });
});
