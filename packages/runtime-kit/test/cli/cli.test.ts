import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';
import { runtimeKit } from '../support/cli.js';
import { folderOf, toyManifest, toyRepository } from '../support/toy.js';

const COMMANDS = [
  'list',
  'doctor',
  'generate',
  'plan',
  'build',
  'verify',
  'soak',
  'fuzz',
  'bench',
  'status',
  'sbom',
  'push',
  'prune',
  'bundle',
  'pin',
  'config',
  'get-server-config',
];
const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

test('a reader that leaves early is no error', async () => {
  const { code, stderr } = await runtimeKit(['bench', '--help'], { reads: false });
  expect([code, stderr]).toEqual([0, '']);
});

describe('help', () => {
  test('of the command lists every command with examples', async () => {
    const { code, stdout } = await runtimeKit(['--help']);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout).toContain('Examples:');
  });

  test.each(COMMANDS)('of %s has examples', async (name) => {
    const { code, stdout } = await runtimeKit([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ runtime-kit ${name}`);
  });
});

test.each(['--version', '-V'])("%s is the package's", async (flag) => {
  const { code, stdout } = await runtimeKit([flag]);
  const file = new URL('../../package.json', import.meta.url);
  expect([code, stdout.trim()]).toEqual([0, JSON.parse(await readFile(file, 'utf8')).version]);
});

describe('wrong use', () => {
  test('an unknown command suggests the nearest and exits with 2', async () => {
    const { code, stderr } = await runtimeKit(['biuld']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean build?');
  });

  test('an unknown flag exits with 2', async () => {
    const { code, stderr } = await runtimeKit(['list', '--jsno']);
    expect(code).toBe(2);
    expect(stderr).toContain('--jsno');
  });

  test('an unknown selector suggests the nearest and exits with 2', async () => {
    const { code, stderr } = await runtimeKit(['plan', 'toyy'], { cwd: await toyRepository() });
    expect(code).toBe(2);
    expect(stderr).toContain('UNKNOWN_SELECTOR: no language or runtime is called "toyy"');
    expect(stderr).toContain('did you mean toy?');
  });

  test('--jobs that is no number exits with 2', async () => {
    const { code, stderr } = await runtimeKit(['build', '--jobs', 'many'], {
      cwd: await toyRepository(),
    });
    expect(code).toBe(2);
    expect(stderr).toContain('--jobs is "many"');
  });

  test.each([
    [['soak', '--duration', '10'], '--duration is "10"', 'such as 10m'],
    [['soak', '--connections', '2'], '--connections is 2', 'give 3 or more'],
    [['soak', '--without', 'crahs'], 'no kind of call "crahs"', 'did you mean crash?'],
    [['soak', '--seed', '-1'], '--seed is "-1"', 'a whole number from 0'],
    [['fuzz', '--count', '0'], '--count is "0"', 'a whole number from 1'],
    [['fuzz', '--only', 'x'], '--only is "x"', 'a whole number from 0'],
  ])('%j exits with 2', async (args, message, hint) => {
    const process = ['--language', 'toy', '--command', 'true'];
    const { code, stderr } = await runtimeKit([...args, ...process], {
      cwd: await toyRepository(),
    });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test.each([
    [['--rounds', '0'], '--rounds is "0"'],
    [['--duration', '1.5'], '--duration is "1.5"'],
    [['--scenario', 'hullo'], 'there is no scenario "hullo"'],
    [['--against', 'nowhere.json'], 'nowhere.json is no result of a benchmark'],
  ])('bench %j exits with 2 and says what is wrong', async (args, message) => {
    const { code, stderr } = await runtimeKit(['bench', ...args], { cwd: await toyRepository() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each([
    [['push'], "required option '--registry <host/prefix>'"],
    [['push', '--registry', 'https://r.example/f'], '--registry is "https://r.example/f"'],
    [['pin', 'apply', 'nowhere.json'], 'nowhere.json is no plan of pins'],
    [['bundle', 'create'], "required option '--output <file>'"],
    [['bundle', 'load'], "missing required argument 'file'"],
    [['bundle', 'load', 'x', '--registry', 'r.example/F'], '--registry is "r.example/F"'],
    [['pin', 'verify', '--all'], "unknown option '--all'"],
  ])('%j exits with 2 and says what is wrong', async (args, message) => {
    const { code, stderr } = await runtimeKit(args, { cwd: await toyRepository() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('outside a repository says what is missing', async () => {
    const { code, stderr } = await runtimeKit(['build'], { cwd: await folderOf({}) });
    expect(code).toBe(2);
    expect(stderr).toContain('runtime-kit.config.yaml');
  });
});

describe('without an engine', () => {
  test('build exits with 69 and says what to install', async () => {
    const repository = await toyRepository();
    await runtimeKit(['generate'], { cwd: repository });
    const { code, stderr } = await runtimeKit(['build', 'toy'], {
      cwd: repository,
      env: NO_ENGINE,
    });
    expect(code).toBe(ERROR_CODES.ENGINE_MISSING);
    expect(stderr).toMatch(/ENGINE_MISSING: no engine answers: .*nowhere/);
    expect(stderr).toContain('install Docker Engine');
  });

  test.each(['verify', 'soak', 'fuzz'])('%s of an image exits with 69', async (name) => {
    const { code } = await runtimeKit([name, 'some/image:tag'], { env: NO_ENGINE });
    expect(code).toBe(69);
  });

  test('doctor says so and exits with 69', async () => {
    const { code, stdout } = await runtimeKit(['doctor', '--json'], {
      cwd: await toyRepository(),
      env: NO_ENGINE,
    });
    expect(code).toBe(69);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'engine', status: 'missing' }),
    );
  });

  test('list and plan work', async () => {
    const repository = await toyRepository();
    await runtimeKit(['generate'], { cwd: repository });
    for (const command of ['list', 'plan']) {
      const { code, stdout } = await runtimeKit([command, '--json'], {
        cwd: repository,
        env: NO_ENGINE,
      });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ runtime: 'toy1.10' }));
    }
  });
});

test.each([
  ['push', 'IMAGE_NOT_FOUND', ['--registry', 'localhost:1/f']],
  ['pin', 'PIN_REFUSED', []],
])('%s of what was not built says how to build it', async (name, code, flags) => {
  const { code: exit, stderr } = await runtimeKit([name, 'toy', ...flags], {
    cwd: await toyRepository(),
  });
  expect(exit).toBe(1);
  expect(stderr).toContain(`${code}: toy1.10: no image was built here`);
  expect(stderr).toContain('npx runtime-kit build toy1.10');
});

test('building a version past its end of life is refused', async () => {
  const repository = await toyRepository();
  await runtimeKit(['generate'], { cwd: repository });
  const { code, stderr } = await runtimeKit(['build', 'toy1.9'], { cwd: repository });
  expect(code).toBe(1);
  expect(stderr).toContain('END_OF_LIFE: past the end of life: toy1.9 (2025-01-01)');
  expect(stderr).toContain('--allow-eol');
});

test('a broken manifest is reported with file and path, as JSON too', async () => {
  const repository = await toyRepository({}, toyManifest({ colour: 'red' }));
  const { code, stderr } = await runtimeKit(['list', '--json'], { cwd: repository });
  expect(code).toBe(1);
  const { error } = JSON.parse(stderr);
  expect(error.code).toBe('MANIFEST_INVALID');
  expect(error.message).toContain('images/toy/runtime.yaml: colour: unknown key');
});

test('generate --check fails after an edit by hand, names the mending command, and it mends', async () => {
  const repository = await toyRepository();
  const dockerfile = join(repository, 'images/toy/generated/1.10/Dockerfile');
  const inside = { cwd: repository };
  expect((await runtimeKit(['generate'], inside)).code).toBe(0);
  expect((await runtimeKit(['generate', '--check'], inside)).code).toBe(0);
  await writeFile(dockerfile, `${await readFile(dockerfile, 'utf8')}RUN echo by hand\n`);
  const { code, stderr } = await runtimeKit(['generate', '--check'], inside);
  expect(code).toBe(1);
  expect(stderr).toContain('images/toy/generated/1.10/Dockerfile: changed');
  expect(stderr).toContain('npx runtime-kit generate');
  expect((await runtimeKit(['generate'], inside)).code).toBe(0);
  expect((await runtimeKit(['generate', '--check'], inside)).code).toBe(0);
});
