import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leftIn, NOTHING_LEFT, newNamespace, startKubeless, VARIANTS } from './deployed.js';
import { folderOf, until } from './support.js';

const RELOAD_MS = 2000;

test('function dev brings changes at once, shows what is wrong with them, and leaves nothing', async () => {
  const namespace = newNamespace();
  const folder = await folderOf({ 'hello.js': 'exports.greet = () => "1";\n' });
  const file = join(folder, 'hello.js');
  const script = VARIANTS.find(({ runtime }) => runtime.manifest.function.suffix === '.js');
  const flags = ['--runtime', `${script?.id}`, '--handler', 'hello.greet', '--from-file', file];
  const running = startKubeless(['function', 'dev', 'hello', ...flags, '-n', namespace]);
  await until('it is deployed', () => running.output().includes('answers at'));
  const url = / at (http\S+)/.exec(running.output())?.[1] ?? '';
  const answer = async () => (await fetch(url)).text();
  expect(await answer()).toBe('1');

  const took: number[] = [];
  for (const text of ['2', '3', '4']) {
    const begun = Date.now();
    await writeFile(
      file,
      `exports.greet = () => { console.log("said ${text}"); return "${text}"; };\n`,
    );
    await until(`it answers ${text}`, async () => (await answer()) === text);
    took.push(Date.now() - begun);
  }
  expect(Math.min(...took)).toBeLessThan(RELOAD_MS);
  await until('its output is shown', () => running.output().includes('said 4'));

  await writeFile(file, 'exports.greet = () => {;\n');
  await until('the error is shown', () =>
    running.output().includes('FUNCTION_FAILED: hello does not start'),
  );
  expect(running.output()).toContain('SyntaxError');
  expect(await answer()).toBe('4');
  await writeFile(file, 'exports.greet = () => "5";\n');
  await until('it is mended', async () => (await answer()) === '5');

  running.interrupt();
  expect(await running.ended).toBe(0);
  expect(await leftIn(namespace)).toEqual(NOTHING_LEFT);
});
