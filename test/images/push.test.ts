import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certifyServer } from '../../packages/runtime-kit/src/conformance/registry/certificates.js';
import { ADA, DockerRegistry, skopeo } from './docker-registry.js';
import { HOST, Pinnable } from './pinnable.js';
import { folderOf, startKit } from './support.js';

const DAY_MS = 24 * 60 * 60 * 1000;

async function pushed(repository: Pinnable) {
  const file = join(repository.folder, '.runtime-kit/pushes/toy1.json');
  const { registries } = JSON.parse(await readFile(file, 'utf8'));
  return registries;
}

test('images get their tags, and a second push finds them there', async () => {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const record = await repository.build();
  const place = `${registry.host}/functions`;
  const push = ['push', '--registry', place];
  const first = await repository.kit(push);
  expect(first.output).toContain('toy1: pushed: ');
  expect(first.code).toBe(0);
  const { runtime, build } = (await pushed(repository))[place];
  expect(runtime.immutable).toBe(`1-${record.inputHash.slice(0, 12)}-bbbbbbbb-${HOST}`);
  for (const { reference, digest, immutable, floating } of [runtime, build]) {
    expect(floating).toEqual(['1', 'latest']);
    for (const tag of [immutable, ...floating]) {
      const name = `docker://${reference}:${tag}`;
      expect(await skopeo(['inspect', '--tls-verify=false', '--format={{.Digest}}', name])).toBe(
        `${digest}\n`,
      );
    }
  }
  expect(await repository.push(place)).toEqual(['kept', 'kept']);
  expect((await pushed(repository))[place].runtime.digest).toBe(runtime.digest);

  // The same inputs, built to something else: the tag that never moves is taken.
  await repository.build();
  await expect(repository.push(place)).rejects.toMatchObject({
    code: 'TAG_TAKEN',
    message: expect.stringContaining(`${runtime.reference}:${runtime.immutable}`),
  });
});

test('what may pass is waited for: a registry that dies in the middle of a push, one that is not there', async () => {
  const [registry, repository, other] = await Promise.all([
    DockerRegistry.start(),
    Pinnable.create(),
    Pinnable.create(),
  ]);
  await Promise.all([repository.build({ megabytes: 12 }), other.build()]);
  const nowhere = startKit(['push', '--registry', '127.0.0.1:1/functions'], other.folder);
  const place = `${registry.host}/functions`;
  const push = startKit(['push', '--registry', place], repository.folder);
  await registry.untilUploading();
  await registry.kill();
  await registry.start();
  expect(await push.ended, push.output()).toBe(0);
  const { runtime } = (await pushed(repository))[place];
  const whole = join(await folderOf({}), 'whole');
  const name = `docker://${runtime.reference}@${runtime.digest}`;
  await skopeo(['copy', '--src-tls-verify=false', name, `dir:${whole}`]);

  expect(await nowhere.ended).toBe(75);
  expect(nowhere.output()).toContain('trying again: 127.0.0.1:1: no answer: connect ECONNREFUSED');
  expect(nowhere.output()).toContain('REGISTRY_UNREACHABLE: 127.0.0.1:1');
  await other.push(`${registry.host}/others`);
});

describe('a private registry behind a CA', () => {
  const dockerConfig = (config: object) => folderOf({ 'config.json': JSON.stringify(config) });
  const basic = (password: string) => ({
    auth: Buffer.from(`${ADA.user}:${password}`).toString('base64'),
  });
  /** The names of the environment for programs that trust this CA. */
  const trusting = async (authority: string) => ({
    SSL_CERT_FILE: join(await folderOf({ 'ca.pem': authority }), 'ca.pem'),
    NODE_EXTRA_CA_CERTS: '',
  });

  test('lets in by the Docker config alone', async () => {
    const certificate = await certifyServer('localhost');
    const registry = await DockerRegistry.start({ certificate, isPrivate: true });
    const { host } = registry;
    const place = `${host}/functions`;
    const repository = await Pinnable.create();
    await repository.build();
    const trust = await trusting(certificate.authority);
    const push = async (config: object, more: Record<string, string> = {}) =>
      repository.push(place, { ...trust, DOCKER_CONFIG: await dockerConfig(config), ...more });

    for (const auths of [{}, { [host]: basic('wrong') }])
      await expect(push({ auths })).rejects.toMatchObject({
        code: 'REGISTRY_DENIED',
        exitCode: 1,
        hint: expect.stringContaining('docker login'),
      });

    const right = await push({ auths: { [host]: basic(ADA.password) } });
    expect(right.filter((action) => action === 'pushed')).toHaveLength(2);
    const helpers = await folderOf({
      'docker-credential-toy': `#!/bin/sh\n[ "$1 $(cat)" = "get ${host}" ] && echo '{"Username":"${ADA.user}","Secret":"${ADA.password}"}'\n`,
    });
    await chmod(join(helpers, 'docker-credential-toy'), 0o755);
    const PATH = `${helpers}:${process.env.PATH}`;
    expect(await push({ credHelpers: { [host]: 'toy' } }, { PATH })).toEqual(['kept', 'kept']);

    const { runtime } = (await pushed(repository))[place];
    const cas = await folderOf({ 'ca.crt': certificate.authority });
    const seen = await skopeo([
      'inspect',
      `--cert-dir=${cas}`,
      `--creds=${ADA.user}:${ADA.password}`,
      '--format={{.Digest}}',
      `docker://${runtime.reference}:latest`,
    ]);
    expect(seen).toBe(`${runtime.digest}\n`);
  });

  test.each([
    ['that is over', new Date(Date.now() - DAY_MS), true, 'certificate has expired'],
    ['that nobody told us of', new Date(Date.now() + DAY_MS), false, 'verify'],
  ])('%s is not trusted, and not asked twice', async (_, notAfter, isTold, reason) => {
    const [certificate, other] = await Promise.all([
      certifyServer('localhost', notAfter),
      certifyServer('localhost'),
    ]);
    const registry = await DockerRegistry.start({ certificate });
    const repository = await Pinnable.create();
    await repository.build();
    const trust = await trusting((isTold ? certificate : other).authority);
    const began = Date.now();
    await expect(repository.push(`${registry.host}/f`, trust)).rejects.toMatchObject({
      code: 'REGISTRY_UNTRUSTED',
      exitCode: 1,
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('SSL_CERT_FILE'),
    });
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

test('Ctrl-C ends a push, and the next one goes on', async () => {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  await repository.build({ megabytes: 12 });
  const place = `${registry.host}/functions`;
  const push = startKit(['push', '--registry', place], repository.folder);
  await registry.untilUploading();
  push.interrupt();
  expect(await push.ended, push.output()).toBe(130);
  await expect(pushed(repository)).rejects.toThrow('ENOENT');
  await repository.push(place);
});
