import { execFile } from 'node:child_process';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkPins, createBundle, loadBundle, readLock, readPinned } from 'runtime-kit';
import { expect, onTestFinished, test } from 'vitest';
import { packFiles } from '../../packages/runtime-kit/src/engine/index.js';
import { toyRepository } from '../../packages/runtime-kit/test/support/toy.js';
import { wayToEngine } from './cut-engine.js';
import { DockerRegistry, skopeo } from './docker-registry.js';
import { type BuildOptions, HOST, Pinnable } from './pinnable.js';
import { BIN, engine, folderOf, runKit, startKit, TOLERANT, until } from './support.js';

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

/** A repository with one pin, its registry, and a folder for a bundle of it. */
async function pinnedIn(options: BuildOptions = {}) {
  const [registry, origin] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const { images } = await origin.provedBuild(options);
  await origin.push(`${registry.host}/functions`);
  expect((await origin.kit(['pin'])).code).toBe(0);
  const folder = await folderOf({});
  const file = join(folder, 'toy.tar');
  const create = (env = {}) => origin.kit(['bundle', 'create', '--output', file], env);
  return { registry, origin, images, folder, file, create };
}

test('the wrong file is refused by what is wrong with it', async () => {
  const { file, create, images } = await pinnedIn();
  expect((await create()).code).toBe(0);
  const there = await Pinnable.create();
  const saved = `${file}.saved`;
  await run('docker', ['save', '--output', saved, images.runtime.name]);
  const zipped = `${file}.gz`;
  await writeFile(zipped, gzipSync(await readFile(file)));
  const empty = `${file}.empty`;
  await writeFile(empty, '');
  const linked = `${file}.linked`;
  const folder = await folderOf({});
  await run('bash', ['-ec', `ln -s /etc/passwd oci-layout; tar -cf "${linked}" oci-layout`], {
    cwd: folder,
  });
  for (const [wrong, reason] of [
    [saved, /which no bundle has/],
    [zipped, /header|Unexpected end/],
    [empty, /it is no bundle/],
    [linked, /it has symlink "oci-layout"/],
    [folder, /EISDIR/],
    [join(folder, 'no.tar'), /ENOENT/],
  ] as const) {
    const { code, output } = await there.kit(['bundle', 'load', wrong, '--no-engine']);
    expect(output, wrong).toMatch(reason);
    expect(output).toMatch(
      /^BUNDLE_INVALID: .*\n.*make it anew with `runtime-kit bundle create`\n$/,
    );
    expect(code).toBe(1);
  }
  const strange = await toyRepository();
  const { code, output } = await runKit(['bundle', 'load', file, '--no-engine'], strange);
  expect(output).toContain(`it pins toy1, which no runtime.yaml of this repository has`);
  expect(code).toBe(1);
  for (const one of [there.folder, strange]) expect(await readdir(one)).not.toContain('pins');
});

test('what cannot be packed is told before anything is written', async () => {
  const { origin, folder, file, registry } = await pinnedIn();
  const output = ['--output', file];
  const create = (args: string[]) => origin.kit(['bundle', 'create', ...args]);
  expect(await create(['toi', ...output])).toMatchObject({
    code: 2,
    output: expect.stringContaining('did you mean toy?'),
  });
  for (const target of [folder, join(folder, 'no/toy.tar')]) {
    const { code, output } = await create(['--output', target]);
    expect(output).toMatch(/WRITE_FAILED: .* was not written: (it is no file|ENOENT)/);
    expect(code).toBe(75);
  }
  const unpinned = await Pinnable.create();
  expect(await unpinned.kit(['bundle', 'create', ...output])).toMatchObject({
    code: 1,
    output: expect.stringContaining('PIN_INVALID: not pinned: toy1'),
  });
  const lock = await pinOf(origin);
  await registry.kill();
  await registry.empty();
  await registry.start();
  const gone = await create(output);
  expect(gone.output).toMatch(
    /REGISTRY_REFUSED: .*functions\/toy@sha256:.*: the registry answers 404/,
  );
  expect(gone.code).toBe(1);
  expect(await readdir(folder)).toEqual([]);

  await rm(join(origin.folder, 'pins/evidence'), { recursive: true });
  const broken = await create(output);
  expect(broken.output).toMatch(/PIN_INVALID: .*toy1\.lock\.json: .*is missing/);
  expect(lock.runtime).toBe('toy1');
});

test('a full disk leaves the bundle that was there, and a retry completes', async () => {
  const { origin, folder, file, create } = await pinnedIn({ megabytes: 1 });
  await writeFile(file, 'the last one');
  // No file may grow beyond 512 KiB: the layer breaks off in its middle.
  const limited = 'ulimit -f 512; exec "$0" "$1" bundle create --output "$2"';
  const full = await run('bash', ['-c', limited, process.execPath, BIN, file], {
    cwd: origin.folder,
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: TOLERANT },
  }).catch((error: { code: number; stderr: string }) => error);
  expect(full.stderr).toContain(`WRITE_FAILED: ${file} was not written: EFBIG`);
  expect(full).toMatchObject({ code: 75 });
  expect(await readdir(folder)).toEqual(['toy.tar']);
  expect(await readFile(file, 'utf8')).toBe('the last one');
  expect((await create()).code).toBe(0);
  expect(await readdir(folder)).toEqual(['toy.tar']);
});

test('machines get JSON on stdout', async () => {
  const { origin, file } = await pinnedIn();
  const there = await Pinnable.create();
  const lock = await pinOf(origin);
  const reference = `${lock.images.runtime.reference}@${lock.images.runtime.digest}`;
  const json = async (args: string[], cwd: string) =>
    JSON.parse((await run(process.execPath, [BIN, 'bundle', ...args, '--json'], { cwd })).stdout);
  const created = await json(['create', 'toy', '--output', file], origin.folder);
  const platforms = [`linux/${HOST}`];
  expect(created.images[0]).toEqual({ runtime: 'toy1', reference, platforms });
  expect(created.sizeBytes).toBe((await readFile(file)).length);
  const loaded = await json(['load', file, '--no-engine'], there.folder);
  expect(loaded.images[0]).toEqual({ runtime: 'toy1', reference, name: null });
});

test('a load that breaks off leaves no pin, and a retry completes', async () => {
  const { file, create } = await pinnedIn({ megabytes: 48 });
  expect((await create()).code).toBe(0);
  const [registry, there] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const { config } = (await there.catalog()).catalog;
  onTestFinished(async () => {
    for (const name of ['toy', 'toy-build'])
      await engine.images.remove(`${config.prefix}/${name}:1`);
  });
  const place = ['--registry', `${registry.host}/mirror`];
  const begin = (args: string[], env = {}) =>
    startKit(['bundle', 'load', file, ...args], there.folder, env);
  const outcome = async ({ ended, output }: ReturnType<typeof begin>) => {
    const code = await ended;
    expect(await readdir(there.folder)).not.toContain('.runtime-kit');
    expect(await checkPins(join(there.folder, 'pins'))).toEqual([]);
    return { code, output: output() };
  };

  const way = await wayToEngine();
  const stopped = begin([], way.env);
  await until('the engine is taking images', () => way.sent() > 2 ** 20);
  way.cut();
  expect(await outcome(stopped)).toMatchObject({
    code: 75,
    output: expect.stringContaining('ENGINE_FAILED: the engine loads no images'),
  });

  const other = await wayToEngine();
  const interrupted = begin([], other.env);
  await until('the engine is taking images', () => other.sent() > 2 ** 20);
  interrupted.interrupt();
  expect(await outcome(interrupted)).toMatchObject({
    code: 130,
    output: expect.stringContaining('INTERRUPTED'),
  });

  const killed = begin([...place, '--no-engine']);
  await registry.untilUploading();
  await registry.kill();
  expect(await outcome(killed)).toMatchObject({
    code: 75,
    output: expect.stringContaining('REGISTRY_UNREACHABLE'),
  });

  await registry.start();
  const done = begin(place);
  expect(await done.ended).toBe(0);
  expect(await checkPins(join(there.folder, 'pins'))).toMatchObject([{ status: 'proved' }]);
});

test('an interrupted creation leaves no file behind', async () => {
  const { registry, origin, folder, file } = await pinnedIn();
  await registry.kill(); // so that it is tried again and again
  const creating = startKit(['bundle', 'create', '--output', file], origin.folder);
  await until('the file is begun', async () => (await readdir(folder)).length > 0);
  creating.interrupt();
  expect(await creating.ended).toBe(130);
  expect(creating.output()).toContain('INTERRUPTED');
  expect(await readdir(folder)).toEqual([]);
});
