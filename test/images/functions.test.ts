import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callFunction, deleteFunction } from 'runtime-kit/functions';
import { describe, expect, test } from 'vitest';
import {
  deployExample,
  engine,
  getExample,
  kubelessIn,
  leftIn,
  NOTHING_LEFT,
  newNamespace,
  VARIANTS,
} from './deployed.js';
import { underLoad } from './load.js';
import { folderOf, imageOf, until } from './support.js';

/** One that is compiled, and two that are not; more take more time and show nothing else. */
const THREE = VARIANTS.filter(({ runtime }) =>
  ['go', 'nodejs', 'python'].includes(runtime.language),
);

describe.each(THREE)('a function of $id', ({ id, runtime }) => {
  test('is deployed, called, updated under load without a failed call, and deleted', async () => {
    const namespace = newNamespace();
    const kubeless = kubelessIn(namespace);
    const { handler, file } = await getExample(runtime.language);
    const flags = ['--runtime', id, '--handler', handler, '--from-file', file];

    const deployed = await kubeless(['deploy', 'hello', ...flags]);
    expect(deployed.stderr).toContain('Function hello answers at ');
    const url = / at (\S+)/.exec(deployed.stderr)?.[1] ?? '';
    const listed = await kubeless(['ls']);
    expect(listed.stdout.split('\n')[1]).toMatch(
      new RegExp(`^hello +${namespace} +${handler} +${id} +1/1 READY$`),
    );
    const called = await kubeless(['call', 'hello']);
    expect([called.code, called.stdout]).toEqual([0, expect.stringMatching(/hello.*\n$/is)]);

    const { calls, failures } = await underLoad(url, 50, async () => {
      const updated = await kubeless(['update', 'hello', '--env', 'VERSION=2']);
      expect(updated.stderr).toContain(`Function hello answers at ${url}`);
    });
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(20);
    expect((await kubeless(['describe', 'hello'])).stdout).toContain(
      '[{"name":"VERSION","value":"2"}]',
    );
    expect((await leftIn(namespace)).volumes).toHaveLength(2);

    await kubeless(['delete', 'hello']);
    expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
  });
});

test('twenty functions of all languages live side by side, and leave nothing', async () => {
  const namespace = newNamespace();
  const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
  const deployed = await inPairs(names, (name) =>
    deployExample(name, namespace, VARIANTS[names.indexOf(name) % VARIANTS.length] as never),
  );
  const answers = await Promise.all(deployed.map((one) => callFunction(one)));
  for (const answer of answers) expect(answer.text()).toMatch(/hello/i);
  expect(new Set(deployed.map(({ url }) => url)).size).toBe(20);
  await inPairs(names, (name) => deleteFunction({ engine }, { name, namespace }));
  expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
  const others = await engine.containers.list(['io.kubeless.function']);
  if (others.length === 0)
    expect(await engine.networks.withLabel('io.kubeless.role=network')).toEqual([]);
});

test('functions that are the first at the same moment share one network', async () => {
  const namespace = newNamespace();
  const [variant] = THREE;
  if (!variant) throw new Error('there is no language');
  const names = ['a', 'b', 'c', 'd'];
  const deployed = await Promise.all(names.map((name) => deployExample(name, namespace, variant)));
  for (const one of deployed) expect((await callFunction(one)).text()).toMatch(/hello/i);
  expect(await engine.networks.withLabel('io.kubeless.role=network')).toHaveLength(1);
  for (const name of names) await deleteFunction({ engine }, { name, namespace });
});

test('a function answers at its address again after its containers were started anew', async () => {
  const namespace = newNamespace();
  const [variant] = THREE;
  if (!variant) throw new Error('there is no language');
  const { url } = await deployExample('hello', namespace, variant);
  const { containers } = await leftIn(namespace);
  await promisify(execFile)('docker', ['restart', '--time', '5', ...containers]);
  const answers = async () => (await fetch(url).catch(() => undefined))?.status === 200;
  await until('it answers', answers);
  expect((await kubelessIn(namespace)(['ls'])).stdout).toContain('1/1 READY');
});

describe('an image of its own', () => {
  const python = VARIANTS.find(({ runtime }) => runtime.language === 'python');
  const from = `runtime-kit/python:${python?.version.version}`;

  test('gets the function of a known runtime', async () => {
    const image = await imageOf('injected', ['ENV GREETING=servus'], { from });
    const kubeless = kubelessIn(newNamespace());
    const folder = await folderOf({
      'hello.py': 'import os\n\ndef greet(event, context):\n    return os.environ["GREETING"]\n',
    });
    const flags = ['--runtime', python?.id ?? '', '--handler', 'hello.greet'];
    const file = ['--from-file', join(folder, 'hello.py')];
    await kubeless(['deploy', 'hello', ...flags, ...file, '--runtime-image', image]);
    expect((await kubeless(['call', 'hello'])).stdout).toBe('servus\n');
  });

  test('gets the function of an unknown one as /kubeless/function, and serves pages alone', async () => {
    const serve = 'ENTRYPOINT ["/usr/bin/python3.13", "-m", "http.server", "8080"]';
    const files = [{ path: 'healthz', content: 'OK' }];
    const lines = ['COPY healthz /healthz', 'WORKDIR /', serve];
    const image = await imageOf('pages', lines, { from, files });
    const kubeless = kubelessIn(newNamespace());
    const folder = await folderOf({ 'any.txt': 'any text' });
    const flags = ['--runtime', 'lego1', '--handler', 'any.thing', '--runtime-image', image];
    const file = ['--from-file', join(folder, 'any.txt')];
    expect((await kubeless(['deploy', 'lego', ...flags, ...file])).stderr).toContain('answers at');
    const { stdout } = await kubeless(['describe', 'lego']);
    const url = /URL: +(\S+)/.exec(stdout)?.[1];
    expect(await (await fetch(`${url}/kubeless/function`)).text()).toBe('any text');

    await kubeless(['deploy', 'pages', '--runtime-image', image]);
    expect((await kubeless(['call', 'pages'])).stdout).toContain('Directory listing');
    expect((await kubeless(['ls', 'pages'])).stdout).toContain('1/1 READY');
  });
});

/** Two at a time, which is what the smallest machines have processors for. */
async function inPairs<Result>(
  names: string[],
  work: (name: string) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...names.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
