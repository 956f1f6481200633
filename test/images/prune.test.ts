import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Pruned, pinNow, pruneRegistry } from 'runtime-kit';
import { expect, test } from 'vitest';
import { DockerRegistry, skopeo } from './docker-registry.js';
import { Pinnable } from './pinnable.js';
import { folderOf, runKit } from './support.js';

const run = promisify(execFile);

async function ready() {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  const place = `${registry.host}/functions`;
  const { folder } = repository;
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  return {
    repository,
    place,
    git,
    commit: async () => {
      await git('add', 'images', 'runtime-kit.config.yaml', 'pins');
      await git('commit', '--quiet', '--message=x');
    },
    /** Builds, pushes; returns the digest of the runtime image. */
    pushed: async (inputs: string, architecture?: string) => {
      await repository.provedBuild({ inputs, ...(architecture ? { architecture } : {}) });
      await repository.push(place);
      const name = ['--tls-verify=false', '--raw', `docker://${place}/toy:1`];
      const { stdout } = await run('bash', ['-c', 'skopeo inspect "$@" | sha256sum', '-', ...name]);
      return `sha256:${stdout.slice(0, 64)}`;
    },
    pin: async () => {
      const { catalog, variants } = await repository.catalog();
      await pinNow(catalog, variants, {});
    },
    prune: async (deletes: boolean): Promise<Pruned[]> =>
      pruneRegistry((await repository.catalog()).catalog, { registry: place, deletes }),
    isThere: (digest: string) =>
      skopeo(['inspect', '--tls-verify=false', '--raw', `docker://${place}/toy@${digest}`]).then(
        () => true,
        () => false,
      ),
  };
}

test('only what no pin of any commit, no list and no last push names is deleted', async () => {
  const { repository, place, git, commit, pushed, pin, prune, isThere } = await ready();
  const merged = await pushed('once pinned');
  await pin();
  await commit();
  await git('checkout', '--quiet', '-b', 'side');
  const side = await pushed('pinned on a side branch');
  await pin();
  await commit();
  await git('checkout', '--quiet', 'main');
  await rm(join(repository.folder, 'pins'), { recursive: true });
  const never = await pushed('never pinned');
  const last = await pushed('pushed last');

  const dry = await prune(false);
  const goes = (plan: Pruned[]) => plan.filter(({ stays }) => stays === undefined);
  expect(goes(dry).map(({ reference }) => reference)).toEqual([
    `${place}/toy`,
    `${place}/toy-build`,
  ]);
  expect(goes(dry)[0]?.digest).toBe(never);
  expect(await isThere(never)).toBe(true);

  const { code, output } = await repository.kit(['prune', '--registry', place, '--yes', '--json']);
  expect(code, output).toBe(0);
  expect(JSON.parse(output)).toEqual({ deleted: true, manifests: JSON.parse(JSON.stringify(dry)) });
  expect(await isThere(never)).toBe(false);
  for (const digest of [merged, side, last]) expect(await isThere(digest)).toBe(true);
  expect(goes(await prune(true))).toEqual([]);
});

test('members of a list stay as long as it is in the registry', async () => {
  const { repository, commit, pushed, pin, prune } = await ready();
  await pushed('one');
  await pin();
  const member = await pushed('one', 'riscv64');
  await pin();
  await rm(join(repository.folder, 'pins'), { recursive: true });
  await pushed('other');
  await pin();
  await commit();
  const fate = (await prune(false)).find(({ digest }) => digest === member);
  expect(fate?.stays).toMatch(/^listed by sha256:/);
});

test('where pins may be unseen nothing is even asked', async () => {
  const { repository, git, place, pushed, pin, commit } = await ready();
  const args = ['prune', '--registry', place, '--yes'];
  const uncommitted = await repository.kit(args);
  expect(uncommitted.output).toContain('PRUNE_REFUSED: pins may be unseen');
  await pushed('one');
  await pin();
  await commit();
  await git('commit', '--quiet', '--allow-empty', '--message=y');
  const clone = await folderOf({});
  await run('git', ['clone', '--quiet', '--depth=1', `file://${repository.folder}`, clone]);
  const shallow = await runKit(args, clone);
  expect(shallow.code).toBe(1);
  expect(shallow.output).toContain('is a shallow clone');
});
