import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { wayToEngine } from './cut-engine.js';
import {
  deployExample,
  kubelessIn,
  leftIn,
  NOTHING_LEFT,
  newNamespace,
  startKubeless,
  VARIANTS,
} from './deployed.js';
import { underLoad } from './load.js';
import { folderOf, until } from './support.js';

const [script, compiled] = ['nodejs', 'go'].map((language) => {
  const found = VARIANTS.find(({ runtime }) => runtime.language === language);
  if (!found) throw new Error(`there is no ${language}`);
  return found;
}) as [(typeof VARIANTS)[number], (typeof VARIANTS)[number]];

const FILES = {
  'hello.js': 'exports.greet = () => "servus";\n',
  'slow.js':
    'exports.wait = () => new Promise(() => {});\nexports.fail = () => { throw new Error("no"); };\n',
  'broken.go': 'package kubeless\n\nfunc Greet() string {\n\treturn 1\n}\n',
  'package.json': '{"dependencies": {"@runtime-kit/there-is-no-such-package": "1"}}',
};

async function flagsFor(file: keyof typeof FILES, handler: string): Promise<string[]> {
  const { id } = file.endsWith('.go') ? compiled : script;
  const folder = await folderOf(FILES);
  return ['--runtime', id, '--handler', handler, '--from-file', join(folder, file)];
}

async function fails(args: string[], exitCode: number, ...texts: (string | RegExp)[]) {
  const namespace = newNamespace();
  const { code, stderr } = await kubelessIn(namespace)(['deploy', 'hello', ...args]);
  for (const text of texts) expect(stderr).toMatch(text);
  expect(code).toBe(exitCode);
  expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
}

describe('what cannot be deployed leaves nothing', () => {
  test('a handler that is not in the file', async () => {
    const message = /FUNCTION_FAILED: hello does not start: .*has no export of this name; .*greet/;
    await fails(await flagsFor('hello.js', 'hello.nobody'), 1, message);
  });

  test('a file that does not compile, with its line', async () => {
    await fails(
      await flagsFor('broken.go', 'broken.Greet'),
      1,
      /FUNCTION_FAILED: hello: compilation failed: .*broken\.go:/s,
    );
  });

  test('a dependency that does not exist, with its name', async () => {
    const folder = await folderOf(FILES);
    const dependencies = ['--dependencies', join(folder, 'package.json')];
    await fails(
      [...(await flagsFor('hello.js', 'hello.greet')), ...dependencies],
      1,
      /FUNCTION_FAILED: hello: installation failed: .*there-is-no-such-package/s,
      'mend the dependency file',
    );
  });

  test('an image that is not there', async () => {
    const image = ['--runtime-image', 'runtime-kit-test/not-there:1'];
    await fails(image, 1, 'IMAGE_NOT_FOUND: there is no image runtime-kit-test/not-there:1');
  });

  test('a port that another program has', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const flags = await flagsFor('hello.js', 'hello.greet');
    await fails(
      [...flags, '--servicePort', `${port}`],
      1,
      `PORT_TAKEN: port ${port} is taken by another program`,
      '--servicePort',
    );
  });

  test('what is interrupted', async () => {
    const namespace = newNamespace();
    const flags = await flagsFor('broken.go', 'broken.Greet');
    const running = startKubeless(['function', 'deploy', 'hello', ...flags, '-n', namespace]);
    await until('a phase runs', () => running.output().includes('Compiling function...'));
    running.interrupt();
    expect(await running.ended).toBe(130);
    expect(running.output()).toContain('putting things away');
    expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
  });
});

test('an engine that is stopped in the middle is told of, and delete removes what it left', async () => {
  const namespace = newNamespace();
  const { env, cut } = await wayToEngine();
  const flags = await flagsFor('hello.js', 'hello.greet');
  const deploy = ['function', 'deploy', 'hello', ...flags, '-n', namespace];
  const running = startKubeless(deploy, env);
  await until('it is being made', () => running.output().includes('Starting function...'));
  cut();
  expect(await running.ended).toBe(75);
  expect(running.output()).toContain('ENGINE_FAILED: the engine stopped answering');
  const kubeless = kubelessIn(namespace);
  expect((await kubeless(['ls'])).stdout).toContain('0/1 NOT READY');
  expect((await kubeless(['update', 'hello', ...flags])).stderr).toContain(
    'was never deployed to its end',
  );
  await kubeless(['delete', 'hello']);
  expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
});

describe('a function that is there', () => {
  test('keeps its name, its port, and its version where another one fails', async () => {
    const namespace = newNamespace();
    const kubeless = kubelessIn(namespace);
    const { url } = await deployExample('hello', namespace, script);
    const flags = await flagsFor('hello.js', 'hello.greet');

    const again = await kubeless(['deploy', 'hello', ...flags]);
    expect(again.stderr).toContain('FUNCTION_EXISTS: there is a function hello already');
    const port = new URL(url).port;
    const other = await kubeless(['deploy', 'other', ...flags, '--servicePort', port]);
    expect(other.stderr).toContain(`PORT_TAKEN: port ${port} is taken by the function hello`);
    const worse = await kubeless([
      'update',
      'hello',
      ...(await flagsFor('hello.js', 'hello.nobody')),
    ]);
    expect(worse.stderr).toContain('FUNCTION_FAILED: hello does not start');
    expect((await kubeless(['call', 'hello'])).stdout).toBe('hello world\n\n');
    expect((await leftIn(namespace)).containers).toHaveLength(2);
  });

  test('takes updates that come at the same moment without a failed call, and keeps one', async () => {
    const namespace = newNamespace();
    const kubeless = kubelessIn(namespace);
    const { url } = await deployExample('hello', namespace, script);
    const { failures } = await underLoad(url, 50, () =>
      Promise.all(
        ['1', '2', '3'].map(async (version) => {
          const { code, stderr } = await kubeless(['update', 'hello', '--env', `V=${version}`]);
          expect([code, stderr]).toEqual([0, expect.stringContaining('answers at')]);
        }),
      ),
    );
    expect(failures).toEqual([]);
    const { containers, volumes } = await leftIn(namespace);
    expect([containers.length, volumes.length]).toEqual([2, 2]);
  });

  test("says in Kubeless's words that a call took too long, and what else it answers", async () => {
    const kubeless = kubelessIn(newNamespace());
    await kubeless([
      'deploy',
      'slow',
      ...(await flagsFor('slow.js', 'slow.wait')),
      '--timeout',
      '1',
    ]);
    const slow = await kubeless(['call', 'slow']);
    expect([slow.code, slow.stderr]).toEqual([
      1,
      expect.stringContaining('Request timeout exceeded'),
    ]);
    await kubeless(['update', 'slow', '--handler', 'slow.fail']);
    const failed = await kubeless(['call', 'slow', '--data', 'x']);
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining('CALL_FAILED: slow answers with status 500'),
    ]);
    const { stdout } = await kubeless(['top', '--function', 'slow', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { methods: [{ method: 'POST', calls: 1, failures: 1 }] },
    ]);
    expect((await kubeless(['call', 'slwo'])).stderr).toContain(
      'FUNCTION_NOT_FOUND: there is no function slwo',
    );
  });
});
