import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadRepositoryCatalog } from 'runtime-kit';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import {
  imageName,
  phaseMirrors,
  type Variant,
} from '../../packages/runtime-kit/src/catalog/index.js';
import { cleanUp } from '../../packages/runtime-kit/src/conformance/run/clean-up.js';
import { describeTarget } from '../../packages/runtime-kit/src/conformance/run/describe.js';
import { ImageTarget } from '../../packages/runtime-kit/src/conformance/targets/image/target.js';
import { kubeless } from '../../packages/runtime-kit/test/support/cli.js';
import { leftIn, NOTHING_LEFT, newNamespace } from './deployed.js';
import { engineAddress } from './engine-address.js';
import { publishWords, startRegistry } from './npm-registry.js';
import { engine, folderOf, ROOT, runKit, SUITE } from './support.js';

const run = promisify(execFile);

/** It stands on our own build image, so that it has apt, npm and a phase that asks them; `words` is nowhere else. */
const TEMPLATE = `{{> stages}}

FROM base AS build
USER 0
RUN {{ca.mount}} --mount=type=cache,id=test-apt,target=/var/cache/apt \\
    --mount=type=cache,id=test-npm,target=/root/.npm {{ca.use}} \\
    apt-get update -o Acquire::Retries=0 2>&1 || true; \\
    cd /srv && npm pack --silent words && tar -xzf words-*.tgz && rm words-*.tgz
USER 1000

FROM build AS runtime
COPY server /server
ENV NODE_PATH=/kubeless/node_modules
{{labels}}
ENTRYPOINT ["node", "/server/main.js"]
`;
const SERVER =
  "require('http').createServer((_, answer) => answer.end(require('words'))).listen(8080);\n";

function manifest() {
  return stringify({
    apiVersion: 'runtime-kit/v1',
    language: 'toy',
    title: 'Test',
    function: { suffix: '.js', dependencies: 'package.json', registry: 'https://toys.example' },
    mirror: {
      name: 'toys',
      env: { NPM_REGISTRY: '$(MIRROR_URL)', TOYS: '$(MIRROR_FILES)/toys' },
      files: { toys: 'from $(MIRROR_URL)' },
      build: { npm_config_registry: '$(MIRROR_URL)' },
    },
    inputs: ['server/**'],
    phases: { installation: { command: 'install-dependencies && cat "$TOYS"' } },
    capabilities: { data: 'parsed', checks: 'load' },
    conformance: { module: 'function', handler: 'handler' },
    front: { command: ['/usr/local/bin/node'] },
    versions: [{ version: '1', suite: SUITE, released: '2024-01-01', endOfLife: '2099-01-01' }],
  });
}

/** Keeps what it is asked for, and has nothing. */
async function recorder(address: string) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, answer) => {
    asked.push(url);
    answer.writeHead(404).end();
  });
  await once(server.listen(0, address), 'listening');
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return { asked, url: `http://${address}:${(server.address() as AddressInfo).port}` };
}

/** The newest build image of ours that knows npm. */
async function ownBuildImage(): Promise<string> {
  const { config, runtimes } = await loadRepositoryCatalog(ROOT);
  const [variant] = runtimes.find(({ language }) => language === 'nodejs')?.variants ?? [];
  return imageName(config.prefix, variant as Variant, 'build');
}

const FUNCTION = {
  'function.js': 'exports.handler = () => require("words");\n',
  'package.json': JSON.stringify({ dependencies: { words: '^1.0.0' } }),
};

/** Prints the package that the step brought, and any file of the image's own that names a host. */
const LOOK =
  'cat /srv/package/index.js; for host in "$@"; do grep -rlF "$host" /etc /home /opt /root /srv /tmp /usr/local/etc /var && echo "$host"; done; true';

/** Mirrors on this machine, and a repository that names them; its images go with the test. */
async function mirroredRepository() {
  const address = await engineAddress();
  const [debian, npm] = await Promise.all([recorder(address), startRegistry(address)]);
  await publishWords(npm, 'words');
  const prefix = `runtime-kit-test/${randomUUID().slice(0, 8)}`;
  const config = {
    apiVersion: 'runtime-kit/v1',
    prefix,
    base: { source: 'registry', reference: await ownBuildImage() },
  };
  const mirrors = {
    debian: `${debian.url}/debian`,
    debianSecurity: `${debian.url}/security`,
    packages: { toys: npm },
  };
  const folder = await folderOf({
    'runtime-kit.config.yaml': stringify({ ...config, mirrors }),
    'images/toy/runtime.yaml': manifest(),
    'images/toy/Dockerfile.template': TEMPLATE,
    'images/toy/server/main.js': SERVER,
    'images/toy/fixtures/f/function.js': FUNCTION['function.js'],
    'images/toy/fixtures/f/package.json': FUNCTION['package.json'],
  });
  onTestFinished(async () => {
    const { stdout } = await run('docker', ['images', '--quiet', `${prefix}/*`]);
    const ids = new Set(stdout.split('\n').filter(Boolean));
    await run('docker', ['rmi', '--force', ...ids]);
  });
  const withoutMirrors = () =>
    writeFile(join(folder, 'runtime-kit.config.yaml'), stringify(config));
  return { folder, prefix, asked: debian.asked, npm, debian: debian.url, withoutMirrors };
}

/** The suite's own way to run phases. */
async function suiteTarget(folder: string, reference: string): Promise<ImageTarget> {
  const catalog = await loadRepositoryCatalog(folder);
  const description = await describeTarget(
    { kind: 'image', name: 'toy1', reference },
    {
      runtimes: catalog.runtimes,
      profile: 'full',
      engine,
      trustedCaFile: undefined,
      mirrors: phaseMirrors(catalog),
    },
  );
  if (description.kind !== 'image') throw new Error('not an image');
  const runId = randomUUID();
  onTestFinished(() => cleanUp(runId, join(folder, runId), engine));
  return new ImageTarget(description, engine, runId);
}

test('mirrors serve build steps, the phases of the suite and those of functions', async () => {
  const { folder, prefix, asked, npm, debian, withoutMirrors } = await mirroredRepository();
  const kit = (...args: string[]) => runKit(args, folder);
  expect((await kit('generate')).code).toBe(0);

  const built = await kit('build');
  expect(built.output).toContain('toy1');
  expect(built.code).toBe(0);
  for (const path of [`/debian/dists/${SUITE}/`, `/security/dists/${SUITE}-security/`])
    expect(asked.join('\n')).toContain(path);
  // The step was served, and the image does not know by whom.
  const image = `${prefix}/toy-build:1`;
  const hosts = [debian, npm].map((url) => new URL(url).host);
  const seen = await Promise.all([
    run('docker', ['history', '--no-trunc', image]),
    run('docker', ['image', 'inspect', image]),
    run('docker', ['run', '--rm', '--user=0', image, 'bash', '-c', LOOK, 'look', ...hosts]),
  ]);
  for (const { stdout } of seen) for (const host of hosts) expect(stdout).not.toContain(host);
  expect(seen[2].stdout).toBe('module.exports = "words of a scope";\n');

  const target = await suiteTarget(folder, `${prefix}/toy:1`);
  const [installed] = await target.runPhases({ fixture: 'f' });
  expect(target.runtime?.registry).toBe(npm);
  expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining(`from ${npm}`) });
  // Whoever calls a phase has the last word.
  const env = { NPM_REGISTRY: 'http://127.0.0.1:9/' };
  const [refused] = await target.runPhases({ fixture: 'f', env });
  expect(refused?.stderr).toContain('127.0.0.1:9');

  const source = await folderOf(FUNCTION);
  const namespace = newNamespace();
  const onFunction = (action: string, ...flags: string[]) => {
    const args = ['function', action, 'mirrored', '--namespace', namespace, ...flags];
    return kubeless(args, { cwd: folder, env: {} });
  };
  const code = ['--handler', 'function.handler', '--from-file', join(source, 'function.js')];
  const dependencies = ['--dependencies', join(source, 'package.json')];
  const deployed = await onFunction('deploy', '--runtime', 'toy1', ...code, ...dependencies);
  expect(deployed.stderr).toContain('answers at');
  expect((await onFunction('call')).stdout).toBe('words of a scope\n');
  expect((await onFunction('delete')).code).toBe(0);
  expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);

  // The inputs are the same for everybody: without mirrors, what was built is kept.
  await withoutMirrors();
  expect((await kit('build')).output).toContain('toy1: kept');
});
