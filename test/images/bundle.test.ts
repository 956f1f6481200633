import { execFile } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPins, createBundle, loadBundle, readLock, readPinned } from 'runtime-kit';
import { expect, onTestFinished, test } from 'vitest';
import { packFiles } from '../../packages/runtime-kit/src/engine/index.js';
import { DockerRegistry, skopeo } from './docker-registry.js';
import { HOST, Pinnable } from './pinnable.js';
import { engine, folderOf } from './support.js';

const run = promisify(execFile);
const PLAIN = '--tls-verify=false';
const OTHER = 'riscv64';

/** What was pinned on two platforms and packed; its registry is gone by then, and so are its images. */
async function carried() {
  const [registry, origin] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const place = `${registry.host}/functions`;
  const foreign = await origin.provedBuild({ architecture: OTHER });
  await origin.push(place);
  expect((await origin.kit(['pin'])).code).toBe(0);
  const own = await origin.provedBuild({ megabytes: 3 });
  await origin.push(place);
  expect((await origin.kit(['pin'])).code).toBe(0);
  const lock = await pinOf(origin);
  const file = join(await folderOf({}), 'toy.tar');
  const created = await origin.kit(['bundle', 'create', '--output', file]);
  expect(created.output).toContain(`${place}/toy@${lock.images.runtime.digest}`);
  expect(created.code).toBe(0);
  await registry.kill();
  for (const { images } of [foreign, own])
    for (const image of [images.runtime, images.build])
      if (image) await engine.images.remove(image.id);
  return { file, lock, own, origin };
}

async function pinOf({ folder }: Pinnable) {
  const lock = await readLock(join(folder, 'pins/toy1.lock.json'));
  if (!lock) throw new Error('toy1 is not pinned');
  return lock;
}

test('pinned images arrive in an empty registry and engine as they left', async () => {
  const { file, lock, own, origin } = await carried();
  const [registry, there] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const place = `${registry.host}/mirror`;

  const { code, output } = await there.kit(['bundle', 'load', file, '--registry', place]);

  expect(output).toContain(`${place}/toy@${lock.images.runtime.digest}`);
  expect(code).toBe(0);
  for (const name of ['toy', 'toy-build'] as const) {
    const kind = name === 'toy' ? 'runtime' : 'build';
    const pinned = lock.images[kind];
    const inspect = async (...options: string[]) =>
      skopeo(['inspect', PLAIN, ...options, `docker://${place}/${name}@${pinned?.digest}`]);
    for (const architecture of [HOST, OTHER]) {
      const seen = JSON.parse(
        await skopeo([
          'inspect',
          PLAIN,
          `--override-arch=${architecture}`,
          `docker://${place}/${name}:1`,
        ]),
      );
      expect(seen.Architecture).toBe(architecture);
    }
    expect(JSON.parse(await inspect('--raw')).manifests).toHaveLength(2);
    const { config } = await there.catalog().then(({ catalog }) => catalog);
    const here = await engine.images.find(`${config.prefix}/${name}:1`);
    expect(here?.id).toBe(own.images[kind]?.id);
    onTestFinished(() => engine.images.remove(`${config.prefix}/${name}:1`));
  }
  const moved = await pinOf(there);
  expect(moved.images.runtime).toEqual({ ...lock.images.runtime, reference: `${place}/toy` });
  expect(await checkPins(join(there.folder, 'pins'))).toMatchObject([{ status: 'proved' }]);
  const status = await there.kit(['status', '--json']);
  expect(JSON.parse(status.output)).toMatchObject([{ runtime: 'toy1' }]);
  expect(await recordsIn(there)).toEqual(await recordsIn(origin));
});

/** Names of what builds and verifications leave behind. */
async function recordsIn({ folder }: Pinnable): Promise<string[]> {
  const names = await readdir(join(folder, '.runtime-kit'), { recursive: true });
  return names.filter((name) => /^(records|reports)\/.*json$/.test(name)).sort();
}

test('other tools read a bundle, and equal pins make equal ones', async () => {
  const [registry, origin] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  await origin.provedBuild();
  await origin.push(`${registry.host}/functions`);
  await origin.kit(['pin']);
  const folder = await folderOf({});
  const [first, second] = ['a.tar', 'b.tar'].map((name) => join(folder, name)) as [string, string];
  const { catalog, locks } = await readPinned((await origin.catalog()).catalog);
  for (const output of [first, second]) await createBundle(catalog, locks, { output });

  expect(await readFile(first)).toEqual(await readFile(second));
  await run('tar', ['-xf', first, '-C', folder]);
  await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const { manifests } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
  expect(manifests.map(({ digest }: { digest: string }) => digest)).toEqual([
    locks[0]?.images.runtime.digest,
    locks[0]?.images.build?.digest,
  ]);
});

test('what is not as it was packed is refused, and nothing is changed', async () => {
  const { file, origin } = await carried();
  const there = await Pinnable.create();
  const whole = await readFile(file);
  const spoiled: [RegExp, (copy: string) => Promise<void>][] = [
    [/BUNDLE_INVALID.*(Unexpected end|SHA256SUMS|missing)/, (copy) => truncate(copy, 40_960)],
    [/BUNDLE_INVALID.*was changed/, (copy) => writeFile(copy, flipped(whole, 'blobs/sha256'))],
    [/BUNDLE_INVALID.*SHA256SUMS/, (copy) => writeFile(copy, flipped(whole, 'pins/toy1'))],
    [
      /BUNDLE_INVALID.*"\.\.\//,
      (copy) => writeFile(copy, packFiles([{ path: '../outside', content: 'x' }])),
    ],
    [
      /BUNDLE_INVALID.*tar|BUNDLE_INVALID/,
      (copy) => writeFile(copy, 'no archive at all'.repeat(99)),
    ],
  ];
  for (const [reason, spoil] of spoiled) {
    const copy = `${file}.copy`;
    await writeFile(copy, whole);
    await spoil(copy);
    const { code, output } = await there.kit(['bundle', 'load', copy, '--no-engine']);
    expect(output).toMatch(reason);
    expect(code).toBe(1);
  }
  expect(await readdir(there.folder)).not.toContain('pins');
  const { catalog } = await origin.catalog();
  await expect(loadBundle(catalog, join(file, 'no'), {})).rejects.toMatchObject({
    code: 'BUNDLE_INVALID',
  });
});

/** With one byte of a file's content another. */
function flipped(archive: Buffer, name: string): Buffer {
  const copy = Buffer.from(archive);
  const at = copy.indexOf(name) + 512;
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

test('a registry that breaks off leaves no file behind', async () => {
  const [registry, origin] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  await origin.provedBuild();
  await origin.push(`${registry.host}/functions`);
  await origin.kit(['pin']);
  await registry.kill();
  const folder = await folderOf({});
  const { catalog, locks } = await readPinned((await origin.catalog()).catalog);

  const stop = AbortSignal.timeout(1500);
  const creating = createBundle(catalog, locks, { output: join(folder, 'toy.tar'), signal: stop });

  await expect(creating).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});
