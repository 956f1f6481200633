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
  const second = await repository.kit(push);
  expect(second.output.match(/there already/g)).toHaveLength(2);
  expect(second.output).not.toContain('pushing');
  expect((await pushed(repository))[place].runtime.digest).toBe(runtime.digest);

  // The same inputs, built to something else: the tag that never moves is taken.
  await repository.build();
  const other = await repository.kit(push);
  expect(other.output).toContain(`TAG_TAKEN: ${runtime.reference}:${runtime.immutable}`);
  expect(other.code).toBe(1);
});

test('what may pass is waited for: a registry that dies in the middle of a push, one that is not there', async () => {
  const [registry, repository, other] = await Promise.all([
    DockerRegistry.start(),
    Pinnable.create(),
    Pinnable.create(),
  ]);
  await Promise.all([repository.build({ megabytes: 24 }), other.build()]);
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
  const retry = await other.kit(['push', '--registry', `${registry.host}/others`]);
  expect(retry.code, retry.output).toBe(0);
});

describe('a private registry behind a CA', () => {
  const config = (auths: object, more: object = {}) =>
    folderOf({ 'config.json': JSON.stringify({ auths, ...more }) });
  const basic = (password: string) => ({
    auth: Buffer.from(`${ADA.user}:${password}`).toString('base64'),
  });

  test('lets in by the Docker config alone', async () => {
    const certificate = await certifyServer('localhost');
    const registry = await DockerRegistry.start({ certificate, isPrivate: true });
    const { host } = registry;
    const repository = await Pinnable.create();
    await repository.build();
    const trust = join(await folderOf({ 'ca.pem': certificate.authority }), 'ca.pem');
    const push = (DOCKER_CONFIG: string, more: Record<string, string> = {}) =>
      repository.kit(['push', '--registry', `${host}/functions`], {
        DOCKER_CONFIG,
        SSL_CERT_FILE: trust,
        ...more,
      });

    const nobody = await push(await config({}));
    expect(nobody.output).toContain('REGISTRY_DENIED');
    expect(nobody.output).toContain('docker login');
    const wrong = await push(await config({ [host]: basic('wrong') }));
    expect(wrong.output).toContain('REGISTRY_DENIED');
    expect([nobody.code, wrong.code]).toEqual([1, 1]);

    const right = await push(await config({ [host]: basic(ADA.password) }));
    expect(right.code, right.output).toBe(0);
    const helpers = await folderOf({
      'docker-credential-toy': `#!/bin/sh\n[ "$1 $(cat)" = "get ${host}" ] && echo '{"Username":"${ADA.user}","Secret":"${ADA.password}"}'\n`,
    });
    await chmod(join(helpers, 'docker-credential-toy'), 0o755);
    const helped = await push(await config({}, { credHelpers: { [host]: 'toy' } }), {
      PATH: `${helpers}:${process.env.PATH}`,
    });
    expect(helped.output).toContain('there already');
    expect(helped.code).toBe(0);

    const { runtime } = (await pushed(repository))[`${host}/functions`];
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
    const certificate = await certifyServer('localhost', notAfter);
    const [registry, other] = await Promise.all([
      DockerRegistry.start({ certificate }),
      certifyServer('localhost'),
    ]);
    const repository = await Pinnable.create();
    await repository.build();
    const bundle = (isTold ? certificate : other).authority;
    const trust = join(await folderOf({ 'ca.pem': bundle }), 'ca.pem');
    const began = Date.now();
    const { code, output } = await repository.kit(['push', '--registry', `${registry.host}/f`], {
      SSL_CERT_FILE: trust,
      NODE_EXTRA_CA_CERTS: '',
    });
    expect(output).toContain(`REGISTRY_UNTRUSTED: ${registry.host}`);
    expect(output).toContain(reason);
    expect(output).toContain('SSL_CERT_FILE');
    expect(code).toBe(1);
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

test('Ctrl-C ends a push, and the next one goes on', async () => {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  await repository.build({ megabytes: 24 });
  const args = ['push', '--registry', `${registry.host}/functions`];
  const push = startKit(args, repository.folder);
  await registry.untilUploading();
  push.interrupt();
  expect(await push.ended, push.output()).toBe(130);
  await expect(pushed(repository)).rejects.toThrow('ENOENT');
  expect((await repository.kit(args)).code).toBe(0);
});
