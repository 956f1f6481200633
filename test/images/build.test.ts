import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engine, folderOf, runKit, SUITE, startKit, until } from './support.js';

/** A repository with one language, whose images are made by these lines. */
function repositoryOf(name: string, lines: string[], config = ''): Promise<string> {
  return folderOf({
    'runtime-kit.config.yaml': `apiVersion: runtime-kit/v1\nprefix: runtime-kit\n${config}`,
    [`images/${name}/runtime.yaml`]: `
apiVersion: runtime-kit/v1
language: ${name}
title: Test
function: { suffix: .txt, dependencies: deps.txt, registry: 'https://registry.example' }
inputs: ['server/**']
capabilities: { data: parsed, checks: load }
conformance: { module: function, handler: handler }
versions:
  - { version: '1', suite: ${SUITE}, released: 2024-01-01, endOfLife: 2099-01-01 }
`,
    [`images/${name}/server/main.txt`]: `${name} ${Math.random()}\n`,
    [`images/${name}/Dockerfile.template`]: ['{{> stages}}', ...lines, ''].join('\n'),
  });
}

const SLEEPER = ['FROM base AS runtime', 'COPY server /server', 'RUN sleep 30'];

describe('a build that fails', () => {
  test('shows the line of the Dockerfile, the exit code and the last log lines', async () => {
    const repository = await repositoryOf('failing', [
      'FROM base AS runtime',
      'RUN true',
      'RUN echo the reason is here && exit 7',
    ]);
    await runKit(['generate'], repository);
    const { code, output } = await runKit(['build'], repository);
    expect(code).toBe(1);
    expect(output).toContain('BUILD_FAILED: failing1: generated/1/Dockerfile:8');
    expect(output).toContain('exit code 7');
    expect(output).toContain('    the reason is here');
  });

  test('does not stop the others', async () => {
    const repository = await repositoryOf('failing', ['FROM base AS runtime', 'RUN exit 7']);
    const other = await repositoryOf('passing', ['FROM base AS runtime', 'COPY server /server']);
    const { cp } = await import('node:fs/promises');
    await cp(join(other, 'images/passing'), join(repository, 'images/passing'), {
      recursive: true,
    });
    await runKit(['generate'], repository);
    const { code, output } = await runKit(['build', '--jobs', '1'], repository);
    await engine.images.remove('runtime-kit/passing:1');
    expect(code).toBe(1);
    expect(output).toMatch(/^passing1 +built/m);
    expect(output).toMatch(/^failing1 +failed/m);
  });
});

test('an image over its budget fails each build with the size before, now and allowed', async () => {
  const repository = await repositoryOf('large', ['FROM base AS runtime', 'COPY server /server']);
  const allow = async (mebibytes: number) => {
    const file = join(repository, 'images/large/runtime.yaml');
    const manifest = (await readFile(file, 'utf8')).replace(/^budgets: .*\n/m, '');
    await writeFile(file, `${manifest}budgets: { imageMiB: ${mebibytes} }\n`);
    await runKit(['generate'], repository);
    return runKit(['build'], repository);
  };
  const within = await allow(1000);
  const over = [await allow(1), await runKit(['build'], repository)];
  await engine.images.remove('runtime-kit/large:1');
  expect(within.code).toBe(0);
  for (const { code, output } of over) {
    expect(code).toBe(1);
    expect(output).toMatch(
      /BUDGET_EXCEEDED: large1: size of runtime-kit\/large:1: old [\d.]+, new [\d.]+, allowed 1 MiB/,
    );
  }
});

test('Ctrl-C in the middle of a build ends it and leaves nothing behind', async () => {
  const repository = await repositoryOf('sleeper', SLEEPER);
  await runKit(['generate'], repository);
  const before = await readdir(tmpdir());
  const build = startKit(['build'], repository);
  await until('the long step runs', () => build.output().includes('RUN sleep 30'));
  const interrupted = Date.now();
  build.interrupt();
  expect(await build.ended).toBe(130);
  expect(Date.now() - interrupted).toBeLessThan(10_000);
  expect(build.output()).toContain('INTERRUPTED');
  expect(await engine.images.find('runtime-kit/sleeper:1')).toBeUndefined();
  const left = (await readdir(tmpdir())).filter((name) => !before.includes(name));
  expect(left.filter((name) => name.startsWith('runtime-kit') || name.startsWith('mmdeb'))).toEqual(
    [],
  );
});

test('two builds of the same thing at once both succeed', async () => {
  const repository = await repositoryOf('twice', [
    'FROM base AS runtime',
    'COPY server /server',
    'RUN sleep 1',
  ]);
  await runKit(['generate'], repository);
  const results = await Promise.all([runKit(['build'], repository), runKit(['build'], repository)]);
  expect(results.map(({ code, output }) => [code, /twice1 +(built|kept)/.test(output)])).toEqual([
    [0, true],
    [0, true],
  ]);
  const { output } = await runKit(['build'], repository);
  await engine.images.remove('runtime-kit/twice:1');
  expect(output).toMatch(/twice1 +kept/);
});

test('an image that somebody removed is built again', async () => {
  const repository = await repositoryOf('removed', ['FROM base AS runtime', 'COPY server /server']);
  await runKit(['generate'], repository);
  await runKit(['build'], repository);
  await engine.images.remove('runtime-kit/removed:1');
  const { code, output } = await runKit(['build'], repository);
  await engine.images.remove('runtime-kit/removed:1');
  expect(code).toBe(0);
  expect(output).toMatch(/removed1 +built/);
});

test('a base that cannot be had is said with both ways tried, and may pass on retry', async () => {
  const repository = await repositoryOf(
    'baseless',
    ['FROM base AS runtime'],
    'base: { reference: "localhost:1/none:{{suite}}", mirror: "http://127.0.0.1:1/debian" }\n',
  );
  await runKit(['generate'], repository);
  const before = await engine.images.find('runtime-kit/base:trixie');
  const { code, output } = await runKit(['build', '--refresh-base'], repository);
  expect(code).toBe(75);
  expect(output).toContain('BASE_UNREACHABLE: no base image for trixie');
  expect(output).toContain('registry: cannot pull localhost:1/none:trixie');
  expect(output).toContain('bootstrap: mmdebstrap could not make a trixie root');
  expect((await engine.images.find('runtime-kit/base:trixie'))?.id).toBe(before?.id);
}, 120_000);
