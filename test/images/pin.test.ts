import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  applyPlan,
  checkPins,
  type Lock,
  type PinPlan,
  pinNow,
  planPins,
  sha256,
} from 'runtime-kit';
import { describe, expect, test } from 'vitest';
import { exclusively } from '../../packages/runtime-kit/src/pins/exclusive.js';
import { DockerRegistry, skopeo } from './docker-registry.js';
import { HOST, Pinnable } from './pinnable.js';
import { BIN, TOLERANT } from './support.js';

const run = promisify(execFile);
const PLAIN = '--tls-verify=false';
/** A platform that no engine here is of. */
const OTHER = 'riscv64';

/** A repository whose images are proved and pushed. */
async function ready() {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const place = `${registry.host}/functions`;
  const push = () => repository.push(place);
  const record = await repository.provedBuild();
  await push();
  const { catalog, variants } = await repository.catalog();
  const pins = join(repository.folder, 'pins');
  return {
    registry,
    repository,
    place,
    push,
    record,
    pins,
    plan: async () => (await planPins(catalog, variants, {})).plan,
    apply: (plan: PinPlan) => applyPlan(catalog, plan),
    pin: (allowUnverified = false) => pinNow(catalog, variants, { allowUnverified }),
    check: () => checkPins(pins),
    lock: async (): Promise<Lock> =>
      JSON.parse(await readFile(join(pins, 'toy1.lock.json'), 'utf8')),
    /** Every file of the pins, with its text. */
    all: async () => {
      const names = await readdir(pins, { recursive: true }).catch(() => []);
      const files = names.filter((name) => name.endsWith('.json')).sort();
      return Promise.all(
        files.map(async (name) => [name, await readFile(join(pins, name), 'utf8')] as const),
      );
    },
  };
}

/** `CODE: message` of what must be refused. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it was not refused'),
    (reason: Error & { code?: string }) => reason,
  );
  return `${'code' in error ? error.code : 'none'}: ${error.message}`;
}

test('what was pushed and proved is pinned, on two platforms, and skopeo sees the same', async () => {
  const { repository, push, pin, lock } = await ready();
  const first = await repository.kit(['pin']);
  expect(first.output).toContain('pinned toy1');
  expect(first.code).toBe(0);
  await repository.provedBuild({ architecture: OTHER });
  await push();
  expect((await pin()).pins[0]).toMatchObject({
    class: 'minor',
    reasons: [`a runtime image for linux/${OTHER}`, `a build image for linux/${OTHER}`],
  });
  const { images } = await lock();
  for (const image of [images.runtime, images.build]) {
    expect(Object.keys(image?.platforms ?? {})).toEqual([`linux/${HOST}`, `linux/${OTHER}`]);
    const list = `docker://${image?.reference}@${image?.digest}`;
    const members = JSON.parse(await skopeo(['inspect', PLAIN, '--raw', list])).manifests;
    const platforms = Object.entries(image?.platforms ?? {});
    expect(members.map(({ digest }: { digest: string }) => digest).sort()).toEqual(
      platforms.map(([, { digest }]) => digest).sort(),
    );
    for (const [platform, { digest, imageId, sizeBytes }] of platforms) {
      const [os, architecture] = platform.split('/');
      const reference = `docker://${image?.reference}@${digest}`;
      // skopeo picks the platform of a list, and refuses one that is not there.
      for (const name of [reference, list]) {
        const which = [`--override-os=${os}`, `--override-arch=${architecture}`];
        const config = await skopeo([...which, 'inspect', PLAIN, '--config', '--raw', name]);
        expect(JSON.parse(config)).toMatchObject({ os, architecture });
        expect(sha256(config)).toBe(imageId);
      }
      const manifest = await skopeo(['inspect', PLAIN, '--raw', reference]);
      expect(sha256(manifest)).toBe(digest);
      const { config, layers } = JSON.parse(manifest);
      const sizes: number[] = [config, ...layers].map(({ size }) => size);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(sizeBytes);
    }
  }
  const began = Date.now();
  const verified = await repository.kit(['pin', 'verify']);
  expect(verified.output).toMatch(/toy1 +proved/);
  expect(Date.now() - began).toBeLessThan(5000);
  expect((await pin()).pins[0]?.class).toBe('unchanged');
});

test('a plan says what changes and how much, and is carried out', async () => {
  const { repository, push, pin, lock } = await ready();
  await pin();
  const before = await lock();
  const packages = ['pkg:deb/debian/libc6@2.42', 'pkg:deb/debian/zlib1g@1.3'];
  const record = await repository.provedBuild({ inputs: 'others', packages });
  await push();
  const file = join(repository.folder, 'plan.json');
  const planned = await repository.kit(['pin', 'plan', '--out', file]);
  expect(planned.output).toMatch(/toy1 +minor +runtime linux.* → .* \+1 -0 ~1 +0/);
  expect(planned.output).toContain('with deb/debian/zlib1g 1.3 (runtime)');
  expect(await lock()).toEqual(before);
  const applied = await repository.kit(['pin', 'apply', file]);
  expect(applied.code, applied.output).toBe(0);
  const now = await lock();
  expect(now.images.runtime.platforms[`linux/${HOST}`]).toMatchObject({
    imageId: record.images.runtime.id,
    inputHash: record.inputHash,
    conformance: { verdict: 'passed', rules: { skipped: 0 } },
  });
  expect(now.integrity).not.toBe(before.integrity);
});

describe('a plan is refused where', () => {
  test('somebody else moved a tag', async () => {
    const { registry, place, plan, apply, all } = await ready();
    const planned = await plan();
    const others = await Pinnable.create();
    await others.build();
    await others.push(`${registry.host}/others`);
    const names = ['others', 'functions'].map((path) => `docker://${registry.host}/${path}/toy:1`);
    await skopeo(['copy', '--src-tls-verify=false', '--dest-tls-verify=false', ...names]);
    expect(await refusal(apply(planned))).toMatch(
      new RegExp(`^PIN_MOVED: .*\n  ${place}/toy:1: sha256:\\w+ is now sha256:\\w+$`),
    );
    expect(await all()).toEqual([]);
  });

  test('the build or the lock is another, or the plan was edited', async () => {
    const { repository, push, plan, apply, pin, pins, all } = await ready();
    const edited = await plan();
    for (const { content } of edited.pins)
      for (const platform of Object.values(content.images.runtime.platforms))
        platform.sizeBytes = 1;
    expect(await refusal(apply(edited))).toContain('toy1: the plan was edited');

    const older = await plan();
    await repository.provedBuild({ inputs: 'newer' });
    await push();
    const newer = await refusal(apply(older));
    expect(newer).toContain('PIN_MOVED: not what was planned any more');
    for (const kind of ['records', 'pushes', 'reports'])
      expect(newer).toMatch(new RegExp(`.runtime-kit/${kind}/toy1.json: sha256:.* is now sha256:`));
    expect(await all()).toEqual([]);

    const planned = await plan();
    await pin();
    const pinned = await refusal(apply(planned));
    expect(pinned).toContain('pins/toy1.lock.json: nothing is now sha256:');
    await rm(pins, { recursive: true });
    await apply(planned);
  });
});

describe('no pin without proof:', () => {
  test('of a failed, missing, foreign or tampered report', async () => {
    const { repository, record, pin, check, all, lock } = await ready();
    const report = await repository.prove(record, {
      'process.port': {
        status: 'failed',
        cases: [{ name: 'x', status: 'failed', durationMs: 1 }],
      },
    });
    const failed = await refusal(pin());
    expect(failed).toContain('PIN_REFUSED: toy1: no report proves these images');
    expect(failed).toContain('failed: process.port');

    const text = await readFile(report, 'utf8');
    await writeFile(report, text.replaceAll('"status":"failed"', '"status":"passed"'));
    const tampered = await refusal(pin());
    expect(tampered).toContain('the verdict of the report does not follow from its cases');

    await rm(report);
    expect(await refusal(pin())).toContain('it was never verified here');

    const { runtime } = record.images;
    await repository.prove({ ...record, images: { runtime, build: runtime } });
    expect(await refusal(pin())).toContain('the phases of the report ran in the image');
    expect(await all()).toEqual([]);

    const allowed = await repository.kit(['pin', '--allow-unverified']);
    expect(allowed.output).toContain('unverified: toy1 is not proved by any report');
    const reason = expect.stringContaining('the phases of the report ran in the image');
    expect((await lock()).images.runtime.platforms[`linux/${HOST}`]?.conformance).toMatchObject({
      verdict: 'unverified',
      reason,
    });
    expect(await check()).toMatchObject([{ status: 'unverified', problems: [reason] }]);
  });

  test('of images that were not pushed, or are gone from the registry', async () => {
    const { repository, registry, pin, all } = await ready();
    await skopeo(['delete', PLAIN, `docker://${registry.host}/functions/toy:1`]);
    expect(await refusal(pin())).toMatch(/PIN_REFUSED: .* is not in the registry/);
    await repository.provedBuild({ inputs: 'newer' });
    expect(await refusal(pin())).toContain('toy1: what was built last was not pushed');
    expect(await all()).toEqual([]);
  });
});

test('a lock or evidence that was edited is found, and nothing is built upon it', async () => {
  const { repository, pins, pin, plan, check, lock } = await ready();
  await pin();
  const file = join(pins, 'toy1.lock.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"passed": \d+/, '"passed": 99'));
  const verified = await repository.kit(['pin', 'verify']);
  expect(verified.code).toBe(1);
  expect(verified.output).toMatch(/PIN_INVALID: 1 of 1 pins do not hold: .*toy1\.lock\.json/);
  for (const edited of [await refusal(plan()), await refusal(pin())])
    expect(edited).toContain(`PIN_INVALID: ${file} was edited`);
  await writeFile(file, text);
  expect(await check()).toMatchObject([{ status: 'proved' }]);

  const { conformance } = (await lock()).images.runtime.platforms[`linux/${HOST}`] ?? {};
  if (conformance?.verdict !== 'passed') throw new Error('not proved');
  const report = join(pins, 'evidence', `${conformance.report.replace('sha256:', '')}.json`);
  const proof = await readFile(report, 'utf8');
  await writeFile(report, proof.replace('"durationMs":1', '"durationMs":2'));
  expect(await check()).toMatchObject([
    { status: 'broken', problems: [`${report} was edited: its sha256 is not its name`] },
  ]);
});

test('two pins at once: one is done, the other is told, and a retry completes', async () => {
  const { repository, pins, check, all } = await ready();
  await exclusively(pins, async () => {
    const { code, output } = await repository.kit(['pin']);
    expect(code).toBe(75);
    expect(output).toContain(`PIN_BUSY: another process is changing the pins in ${pins}`);
  });
  expect(await all()).toEqual([]);
  const both = await Promise.all([repository.kit(['pin']), repository.kit(['pin'])]);
  for (const { code } of both) expect([0, 75]).toContain(code);
  expect(both.some(({ code }) => code === 0)).toBe(true);
  expect(await check()).toMatchObject([{ status: 'proved' }]);
});

test('a full disk changes nothing, and a retry completes', async () => {
  const { repository, push, pin, pins, all } = await ready();
  await pin();
  const before = await all();
  await repository.provedBuild({ inputs: 'newer' });
  await push();
  // No file may grow beyond 8 KiB: writing the report breaks off in its middle.
  const full = await run('bash', ['-c', 'ulimit -f 8; exec "$0" "$1" pin', process.execPath, BIN], {
    cwd: repository.folder,
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: TOLERANT },
  }).catch((error: { code: number; stderr: string }) => ({
    code: error.code,
    stderr: error.stderr,
  }));
  expect(full.stderr).toContain('WRITE_FAILED: nothing was written: EFBIG');
  expect(full).toMatchObject({ code: 75 });
  expect(await all()).toEqual(before);
  const evidence = await readdir(join(pins, 'evidence'));
  expect(evidence.filter((name) => !name.endsWith('.json'))).toEqual([]);
  await pin();
  expect(await all()).not.toEqual(before);
});
