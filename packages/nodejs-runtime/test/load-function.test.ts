import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

let program: string;

/**
 * A program that loads a function and prints what it returns. In a process of its own, because a
 * worker loads just one, and because vitest puts its own loader in the place of Node's.
 */
beforeAll(async () => {
  program = join(await mkdtemp(join(tmpdir(), 'load-function-')), 'load.cjs');
  await build({
    stdin: {
      contents: `
        import { loadFunction } from '../src/worker/load-function.js';
        loadFunction(JSON.parse(process.argv[2])).then(
          (handler) => console.log(handler()),
          (error) => {
            console.error(error.message);
            process.exitCode = 1;
          },
        );`,
      resolveDir: import.meta.dirname,
    },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
  });
});

afterAll(() => rm(dirname(program), { recursive: true }));

/** Loads `function.js` of a folder with these files and calls its handler. */
async function load(files: Record<string, string>, handlerName = 'handler'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'load-function-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const config = {
    functionFile: join(folder, 'function.js'),
    handlerName,
    installVolume: join(folder, 'volume'),
  };
  return promisify(execFile)(process.execPath, [program, JSON.stringify(config)]).then(
    ({ stdout }) => stdout.trim(),
    ({ stderr }) => {
      throw new Error(stderr.trim());
    },
  );
}

const ESM = '{"type":"module"}';

test.each([
  ['an export of CommonJS', { 'function.js': 'exports.handler = () => 7' }],
  ['assigned exports of CommonJS', { 'function.js': 'module.exports = { handler: () => 7 }' }],
  ['a module that is the function', { 'function.js': 'module.exports = () => 7' }],
  [
    'an export of an ES module',
    { 'package.json': ESM, 'function.js': 'export const handler = () => 7' },
  ],
  ['a default export', { 'package.json': ESM, 'function.js': 'export default () => 7' }],
  [
    'a member of the default export',
    { 'package.json': ESM, 'function.js': 'export default { handler: () => 7 }' },
  ],
  [
    'a helper beside it',
    {
      'function.js': "exports.handler = require('./helper')",
      'helper.js': 'module.exports = () => 7',
    },
  ],
])('takes %s', async (_what, files) => {
  expect(await load(files)).toBe('7');
});

test('a member that the prototype brings is no handler', async () => {
  await expect(load({ 'function.js': 'module.exports = {}' }, 'toString')).rejects.toThrow(
    'has no export of this name; export a function of this name',
  );
});

test.runIf(registerHooks)('an ES module finds packages of the install volume', async () => {
  const returned = await load({
    'package.json': ESM,
    'function.js': "export { handler } from 'installed'",
    'volume/node_modules/installed/package.json': '{"type":"module","exports":"./main.js"}',
    'volume/node_modules/installed/main.js': 'export const handler = () => 7',
  });
  expect(returned).toBe('7');
});

test('a missing file names the settings', async () => {
  await expect(load({})).rejects.toThrow(
    /^runtime-kit: MOD_NAME is "function": there is no file .*; set MOD_NAME and MOD_ROOT_PATH/,
  );
});

test('a missing handler names the functions that are there', async () => {
  const files = { 'function.js': 'exports.greet = () => {}; exports.limit = 3' };
  await expect(load(files)).rejects.toThrow(
    /^runtime-kit: FUNC_HANDLER is "handler": .* has no export of this name; set it to one of its functions: greet$/,
  );
  await expect(load(files, 'limit')).rejects.toThrow(/exports a number; .*: greet$/);
});

test.each([
  ['a syntax error', 'let a = 1\n\nlet b = = 2\n', /function\.js:3[\s\S]+SyntaxError/],
  ['an error', "\n\nthrow new Error('load-4711')\n", /load-4711[\s\S]+function\.js:3/],
  ['a missing module', "\n\nrequire('no-such-module')\n", /no-such-module[\s\S]+function\.js:3/],
])('%s is shown with file and line', async (_what, text, message) => {
  await expect(load({ 'function.js': text })).rejects.toThrow(message);
});
