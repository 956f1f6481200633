import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { TARS } from '../../runtime-kit/test/functions/archives.js';
import { kubeless } from '../../runtime-kit/test/support/cli.js';
import { toyRepository } from '../../runtime-kit/test/support/toy.js';

const FUNCTION_COMMANDS = [
  'deploy',
  'call',
  'list',
  'describe',
  'logs',
  'update',
  'delete',
  'top',
  'dev',
];
const COMMANDS = [
  ['get-server-config'],
  ['apply'],
  ...FUNCTION_COMMANDS.map((name) => ['function', name]),
];
const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const HELLO = ['--runtime', 'toy1.10', '--handler', 'hello.greet', '--from-file', 'hello.toy'];

function toys(): Promise<string> {
  return toyRepository({ 'hello.toy': 'greet\n', 'toys.txt': 'ball\n' });
}

/** Runs `function deploy` in a repository of toys, where no engine answers. */
async function deploy(...args: string[]) {
  return kubeless(['function', 'deploy', ...args], { cwd: await toys(), env: NO_ENGINE });
}

describe('help', () => {
  test.each(COMMANDS)('of %s %s has examples', async (...command) => {
    const { code, stdout } = await kubeless([...command.filter(Boolean), '--help']);
    expect(code).toBe(0);
    const words = command.filter(Boolean).join(' ').replace('list', 'ls');
    expect(stdout).toContain(`$ kubeless ${words}`);
  });

  test('lists the commands', async () => {
    const { stdout } = await kubeless(['function', '--help']);
    for (const name of FUNCTION_COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name}[ |]`, 'm'));
  });
});

describe('get-server-config', () => {
  test('names the runtimes in the words of Kubeless', async () => {
    const { stdout } = await kubeless(['get-server-config'], { cwd: await toys() });
    expect(stdout).toBe(
      'INFO[0000] Current Server Config:\nINFO[0000] Supported Runtimes are: toy1.10, toy1.9\n',
    );
  });

  test('prints JSON', async () => {
    const { stdout } = await kubeless(['get-server-config', '--json'], { cwd: await toys() });
    expect(JSON.parse(stdout)).toEqual(['toy1.10', 'toy1.9']);
  });
});

describe('deploy --dryrun', () => {
  test('prints the Function with all that was given, and asks no engine', async () => {
    const { code, stdout } = await deploy(
      ...['hello', ...HELLO, '--dependencies', 'toys.txt', '--dryrun'],
      ...['--env', 'A=b,URL=http://x:1/', '--env', '"LIST=1,2",C:d', '--label', 'team:toys'],
      ...['--memory', '128Mi', '--cpu', '500m', '--timeout', '5', '--port', '9090'],
      ...['--servicePort', '9000', '--secrets', 'one,two', '--schedule', '*/10 * * * *'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test('prints JSON', async () => {
    const { stdout } = await deploy('hello', ...HELLO, '--dryrun', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Function', spec: { function: 'greet\n' } });
  });

  test('takes the namespace', async () => {
    const { stdout } = await deploy('hello', ...HELLO, '--dryrun', '-n', 'toys');
    expect(parse(stdout)).toMatchObject({ metadata: { namespace: 'toys' } });
  });
});

describe('what is wrong is told in one line with the fix', () => {
  const IMAGE = ['--runtime-image', 'example/pages:1'];
  test.each<[string, string[], number, string, string]>([
    [
      'name',
      ['Hello', ...HELLO],
      2,
      'USAGE: function name "Hello" is no name that DNS takes',
      'take hello',
    ],
    ['namespace', ['hello', ...HELLO, '-n', 'A'], 2, 'USAGE: namespace "A" is no', 'take a'],
    [
      'runtime',
      ['hello', ...HELLO, '-r', 'tyo1.10'],
      2,
      'UNKNOWN_RUNTIME: Invalid runtime: tyo1.10. Supported runtimes are: toy1.10, toy1.9',
      'such as toy1.10',
    ],
    [
      'old runtime',
      ['hello', ...HELLO, '-r', 'toy0.5'],
      2,
      'UNKNOWN_RUNTIME: Invalid runtime: toy0.5',
      'aliases: { toy0.5: toy1.10 }',
    ],
    [
      'no runtime',
      ['hello'],
      2,
      'USAGE: Either `--runtime` or `--runtime-image` flag must be specified.',
      'get-server-config',
    ],
    [
      'no handler',
      ['hello', '-r', 'toy1.10', '-f', 'hello.toy'],
      2,
      'USAGE: You must specify handler for the runtime.',
      '--handler hello.greet',
    ],
    [
      'handler',
      ['hello', ...HELLO, '--handler', 'greet'],
      2,
      'USAGE: handler "greet" is not FILE.FUNCTION',
      '--handler greet.handler',
    ],
    [
      'no file',
      ['hello', '-r', 'toy1.10', '--handler', 'a.b'],
      2,
      'USAGE: hello has no function',
      '--from-file FILE',
    ],
    [
      'file',
      ['hello', ...HELLO, '-f', 'no.toy'],
      2,
      'USAGE: --from-file no.toy is not there',
      'check the path',
    ],
    [
      'dependencies',
      ['hello', ...HELLO, '-d', 'no.txt'],
      2,
      'USAGE: --dependencies no.txt is not there',
      'check the path',
    ],
    [
      'archive',
      ['hello', ...HELLO, '-f', 'fake.zip'],
      1,
      'FUNCTION_INVALID: the zip archive: it is no zip file',
      'pack it again',
    ],
    [
      'URL',
      ['hello', ...HELLO, '-f', 'http://127.0.0.1:1/x'],
      75,
      'DOWNLOAD_FAILED: http://127.0.0.1:1/x cannot be fetched: connect ECONNREFUSED',
      'check the address',
    ],
    [
      'schedule',
      ['hello', ...HELLO, '--schedule', '* * * *'],
      2,
      'USAGE: --schedule "* * * *" is no schedule: it has not five fields',
      '*/10 * * * *',
    ],
    [
      'port',
      ['hello', ...HELLO, '--port', '70000'],
      2,
      'Invalid port number 70000 specified',
      '1 to 65535',
    ],
    [
      'pair',
      ['hello', ...HELLO, '--env', 'A=1,2'],
      2,
      'USAGE: --env "2" is not NAME=VALUE',
      '"NAME=a,b"',
    ],
    [
      'memory',
      ['hello', ...HELLO, '--memory', '128'],
      2,
      'USAGE: memory "128" is less than',
      '128Mi',
    ],
    [
      'timeout',
      ['hello', ...HELLO, '--timeout', 'soon'],
      2,
      'USAGE: timeout "soon" is no number of seconds',
      '180',
    ],
    [
      'secrets',
      ['hello', ...HELLO, '--secrets', 'token'],
      1,
      'FUNCTION_INVALID: hello mounts token, and an engine has no secrets',
      '--env',
    ],
    [
      'dependencies without a runtime',
      ['hello', ...IMAGE, '-f', 'hello.toy', '-d', 'toys.txt'],
      1,
      'FUNCTION_INVALID: hello: an image without a runtime is not told',
      'put them into the image',
    ],
  ])('%s', async (_what, args, exitCode, message, fix) => {
    const cwd = await toys();
    await writeFile(join(cwd, 'fake.zip'), 'no zip');
    const run = await kubeless(['function', 'deploy', ...args], { cwd, env: NO_ENGINE });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(fix);
    expect(run.code).toBe(exitCode);
    expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test('an engine that is not there', async () => {
    const { code, stderr } = await deploy('hello', ...HELLO);
    expect(code).toBe(69);
    expect(stderr).toContain('ENGINE_MISSING: no engine answers');
  });

  test('an unknown command', async () => {
    const { code, stderr } = await kubeless(['function', 'depoly']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean deploy?');
  });
});

test.each(Object.entries(TARS))('an archive is unpacked: tar.%s', async (kind, base64) => {
  const cwd = await toys();
  await writeFile(join(cwd, `all.tar.${kind}`), Buffer.from(base64, 'base64'));
  const args = ['function', 'deploy', 'hello', ...HELLO, '--from-file', `all.tar.${kind}`];
  const { code, stderr } = await kubeless(args, { cwd, env: NO_ENGINE });
  expect(stderr).toContain('ENGINE_MISSING');
  expect(code).toBe(69);
});

describe('apply', () => {
  async function apply(input: string) {
    return kubeless(['apply', '-f', '-'], { cwd: await toys(), env: NO_ENGINE, input });
  }

  test('takes what --dryrun prints, as far as the engine', async () => {
    const { stdout } = await deploy('hello', ...HELLO, '--dryrun');
    const { code, stderr } = await apply(stdout);
    expect(stderr).toContain('ENGINE_MISSING');
    expect(code).toBe(69);
  });

  test.each([
    ['', 'FUNCTION_INVALID: - holds no document'],
    ['a: [', 'FUNCTION_INVALID: -: '],
    ['kind: Pod', 'FUNCTION_INVALID: - is no Function'],
  ])('refuses %j', async (input, message) => {
    const { code, stderr } = await apply(input);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });

  test('refuses content that was changed', async () => {
    const { stdout } = await deploy('hello', ...HELLO, '--dryrun');
    const { stderr } = await apply(stdout.replace('greet\n', 'other\n'));
    expect(stderr).toContain('not what the checksum says');
  });
});
