import { execFile } from 'node:child_process';
import { copyFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readLock } from 'runtime-kit';
import { expect, onTestFinished, test } from 'vitest';
import { DockerRegistry, skopeo } from './docker-registry.js';
import { engineAddress } from './engine-address.js';
import { publishWords, startRegistry } from './npm-registry.js';
import { Pinnable } from './pinnable.js';
import { engine, ROOT } from './support.js';

const run = promisify(execFile);

/** The functions of docs/functions.md, and something of what each says. */
const GUIDE: [name: string, answer: string][] = [
  ['hello', 'hello world\n'],
  ['order', '{"items":1,"total":6}'],
  ['hello-ruby', 'Hello, world!'],
  ['hello-php', 'hello world'],
  ['hello-go', 'hello world'],
  ['slug', 'functions-cost-little'],
  ['render', '<p>Some <em>Markdown</em>.</p>'],
  ['words', 'words of a scope'],
  ['wait', 'gave up: context deadline exceeded'],
  ['own', 'servus'],
  ['pages', 'Directory listing'],
];

/** The commands of a page, or of one section of it: the lines that are indented by four. */
async function commandsOf(page: string, section?: string): Promise<string> {
  const text = await readFile(join(ROOT, page), 'utf8');
  const sections = text.split(/^## /m);
  const chosen = section ? sections.filter((part) => part.startsWith(`${section}\n`)) : [text];
  const commands = chosen
    .flatMap((part) => part.split('\n'))
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4));
  if (commands.length === 0) throw new Error(`${page} has no commands under "${section ?? ''}"`);
  return commands.join('\n');
}

test('docs/serving.md can be followed word for word', async () => {
  onTestFinished(async () => {
    await run('docker', ['rm', '-f', 'my-function']).catch(() => {});
    await run('docker', ['volume', 'rm', '-f', 'my-function']);
  });
  const commands = await commandsOf('docs/serving.md');
  const { stdout } = await run('bash', ['-euc', commands], { cwd: ROOT });
  expect(stdout).toContain('<p>Some <em>Markdown</em>.</p>');
});

test('docs/functions.md can be followed word for word', async () => {
  const names = GUIDE.map(([name]) => name);
  const deleteAll = names.map((name) => `npx kubeless function delete ${name}`).join('; ');
  onTestFinished(async () => {
    await run('bash', ['-c', deleteAll], { cwd: ROOT }).catch(() => {});
    await run('docker', ['rmi', 'my-python', 'my-pages']).catch(() => {});
  });
  const registry = await startRegistry(await engineAddress());
  const env = { ...process.env, REGISTRY: registry, TOKEN: await publishWords(registry) };
  const commands = await commandsOf('docs/functions.md');
  const { stdout, stderr } = await run('bash', ['-euc', commands], {
    cwd: ROOT,
    env: { ...env, NO_COLOR: '1' },
  });
  for (const [name, answer] of GUIDE) expect(stdout, name).toContain(answer);
  expect(stdout).toContain('hello Ada');
  expect(stderr).toMatch(/FUNCTION_FAILED: broken: compilation failed: .*broken\.go:5:/s);
  expect(stderr).toContain('CALL_FAILED: Request timeout exceeded');
  expect(stdout).toMatch(/NAME +NAMESPACE +HANDLER +RUNTIME +DEPENDENCIES +STATUS\n$/);
});

test('docs/operating.md leads from built images to a configuration, word for word', async () => {
  const [registry, repository] = await Promise.all([DockerRegistry.start(), Pinnable.create()]);
  await repository.provedBuild();
  const { folder } = repository;
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const commands = await commandsOf('docs/operating.md', 'Publish and pin');
  const env = { ...process.env, NO_COLOR: '1', REGISTRY: `${registry.host}/functions` };
  const { stdout } = await run('bash', ['-euc', commands], { cwd: folder, env });

  const lock = await readLock(join(folder, 'pins/toy1.lock.json'));
  if (!lock) throw new Error('toy1 is not pinned');
  const configured = await readFile(join(folder, 'new.yaml'), 'utf8');
  for (const image of [lock.images.runtime, lock.images.build]) {
    const pinned = `${image?.reference}@${image?.digest}`;
    expect(configured).toContain(pinned);
    expect(stdout).toContain(pinned);
    const seen = ['inspect', '--tls-verify=false', '--format={{.Digest}}', `docker://${pinned}`];
    expect(await skopeo(seen)).toBe(`${image?.digest}\n`);
  }
});

test('docs/operating.md carries images to a closed network, word for word', async () => {
  const [outside, inside] = await Promise.all([DockerRegistry.start(), DockerRegistry.start()]);
  const [from, to] = await Promise.all([Pinnable.create(), Pinnable.create()]);
  await from.provedBuild();
  await from.push(`${outside.host}/functions`);
  expect((await from.kit(['pin'])).code).toBe(0);
  const bash = async ({ folder }: Pinnable, commands: string) => {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const env = { ...process.env, NO_COLOR: '1', REGISTRY: `${inside.host}/functions` };
    return run('bash', ['-euc', commands], { cwd: folder, env });
  };
  const commands = await commandsOf('docs/operating.md', 'Carry images to a closed network');
  const [create = '', ...others] = commands.split('\n');

  await bash(from, create);
  await outside.kill();
  await copyFile(join(from.folder, 'runtimes.tar'), join(to.folder, 'runtimes.tar'));
  const { prefix } = (await to.catalog()).catalog.config;
  onTestFinished(async () => {
    for (const name of ['toy', 'toy-build']) await engine.images.remove(`${prefix}/${name}:1`);
  });
  await bash(to, others.join('\n'));

  const [left, arrived] = await Promise.all(
    [from, to].map(({ folder }) => readLock(join(folder, 'pins/toy1.lock.json'))),
  );
  expect(arrived?.images.runtime.digest).toBe(left?.images.runtime.digest);
  const configured = await readFile(join(to.folder, 'new.yaml'), 'utf8');
  expect(configured).toContain(`${inside.host}/functions/toy@${left?.images.runtime.digest}`);
});
