import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/nodejs/typed');
const TSC = join(ROOT, 'node_modules/.bin/tsc');

/** The folder of somebody who writes a function: the example, and the package from npm's tarball. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typed-function-'));
  await cp(EXAMPLE, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private": true}');
  const { stdout } = await run(
    'npm',
    ['pack', '--silent', '--workspace', 'nodejs-runtime', '--pack-destination', folder],
    { cwd: ROOT },
  );
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-dev'];
  await run('npm', [...install, `./${stdout.trim()}`], { cwd: folder });
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says of the folder's files; nothing where it is content. */
async function compile(...files: string[]): Promise<string> {
  const options =
    files.length > 0
      ? ['--noEmit', '--ignoreConfig', '--strict', '--module', 'nodenext', '--types', '']
      : [];
  return run(TSC, [...options, ...files], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

test('the example compiles to a function that needs no package', async () => {
  expect(await compile()).toBe('');
  expect(await readFile(join(folder, 'order.js'), 'utf8')).not.toMatch(/import|require/);
  const { place } = createRequire(import.meta.url)(join(folder, 'order.js'));
  const status: number[] = [];
  const extensions = { response: { status: (code: number) => status.push(code) } };
  const event = { data: { item: 'tea', count: 2 }, 'event-id': '7', extensions };
  expect(place(event, { 'function-name': 'place' })).toEqual({
    item: 'tea',
    count: 2,
    id: '7',
    'placed by': 'place',
  });
  expect(status).toEqual([201]);
});

test('a function that reads what is not there does not compile', async () => {
  const wrong = [
    ['event.dta', 'TS2551'],
    ["event['event-id'].length", 'TS2532'],
    ['event.data.item', 'TS2339'],
    ['event.extensions.request.headers.accept.length', 'TS18048'],
    ['event.extensions.signal.fire()', 'TS2339'],
    ['context.timeout.length', 'TS2339'],
  ];
  const lines = wrong.map(([expression]) => `  ${expression},`);
  const head = `import type { Context, Event } from 'nodejs-runtime';
export const handler = (event: Event<string>, context: Context) => [`;
  await writeFile(join(folder, 'wrong.ts'), [head, ...lines, '];', ''].join('\n'));
  const said = await compile('wrong.ts');
  const errors = [...said.matchAll(/^wrong\.ts\((\d+),\d+\): error (TS\d+)/gm)];
  expect(errors.map(([, line, code]) => [Number(line), code])).toEqual(
    wrong.map(([, code], index) => [index + 3, code]),
  );
});

test('a function that takes something else is no handler', async () => {
  await writeFile(
    join(folder, 'handlers.ts'),
    `import type { Handler } from 'nodejs-runtime';
export const right: Handler = async (event, context) => [event.data, context.runtime];
export const alone: Handler<number> = ({ data }) => data * 2;
export const wrong: Handler = (first: number, second: number) => first * second;
`,
  );
  const said = await compile('handlers.ts');
  expect(said).toMatch(/^handlers\.ts\(4,14\): error TS2322: /);
  expect(said.match(/error TS/g)).toHaveLength(1);
});
