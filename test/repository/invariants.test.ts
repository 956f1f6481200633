import { readFile } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { loadBenchManifest } from '../../packages/runtime-kit/src/bench/contenders/load.js';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { rules } from '../../packages/runtime-kit/src/conformance/rules/index.js';
import { ERROR_CODES } from '../../packages/runtime-kit/src/errors.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

test('the contract and the suite have the same rule ids', async () => {
  const contract = await read('docs/runtime-contract.md');
  const stated = [...contract.matchAll(/^\| ([a-z]+\.[a-z-]+) \|/gm)].map(([, id]) => id);
  expect(stated.length).toBeGreaterThan(50);
  expect([...stated].sort()).toEqual(rules.map(({ id }) => id).sort());
});

test('the product code names no language outside comments', async () => {
  const { runtimes } = await loadRepositoryCatalog(new URL('.', root).pathname);
  const names = runtimes.map(({ language }) => language).filter((name) => name.length > 2);
  const languages = new RegExp([...names, 'golang'].join('|'), 'i');
  const files = await glob('packages/{runtime-kit,kubeless-cli}/src/**/*.ts', {
    cwd: root.pathname,
  });
  const named: string[] = [];
  for (const file of files)
    for (const [index, line] of (await read(file)).split('\n').entries())
      if (languages.test(line.replaceAll('NodeJS.', '')) && !/^\s*(\/\/|\*|\/\*)/.test(line))
        named.push(`${file}:${index + 1}: ${line.trim()}`);
  expect(named).toEqual([]);
});

test('a mirror is told to phases by the settings that a private registry is', async () => {
  const { runtimes } = await loadRepositoryCatalog(new URL('.', root).pathname);
  const naming = (texts: Record<string, string> = {}, what: RegExp) =>
    Object.keys(texts).filter((name) => what.test(texts[name] ?? ''));
  for (const { language, manifest } of runtimes) {
    const { mirror, conformance } = manifest;
    const { env, files } = conformance.privateRegistry ?? {};
    expect(mirror, language).toBeDefined();
    const place = /\$\((REGISTRY|MIRROR)_(URL|FILES)\)/;
    const variables = naming(env, place).filter((name) => !/NETRC|USER_?CONFIG/.test(name));
    expect(naming(mirror?.env, place), language).toEqual(expect.arrayContaining(variables));
    expect(naming(mirror?.files, place), language).toEqual(naming(files, place));
  }
});

test('every error code of the code is documented, and every documented code exists', async () => {
  const page = await read('docs/reference/errors.md');
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(documented).toEqual(Object.keys(ERROR_CODES));
});

test('every error code is used', async () => {
  const files = await glob('packages/*/src/**/*.ts', { cwd: root.pathname });
  const texts = await Promise.all(files.filter((file) => !file.endsWith('/errors.ts')).map(read));
  const source = texts.join('\n');
  const unused = Object.keys(ERROR_CODES).filter((code) => !source.includes(`'${code}'`));
  expect(unused).toEqual([]);
});

test('every language has the fixtures that the suite calls', async () => {
  const { runtimes } = await loadRepositoryCatalog(root.pathname);
  const page = await read('docs/adding-a-runtime.md');
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed.length).toBeGreaterThan(5);
  for (const { folder, manifest } of runtimes)
    for (const name of ['functions', ...listed]) {
      if (name === 'legacy-dependency' && !manifest.phases.compilation) continue;
      const { privateRegistry } = manifest.conformance;
      if (name === 'with-scoped-dependency' && !privateRegistry?.scope) continue;
      const file = `fixtures/${name}/${manifest.conformance.module}${manifest.function.suffix}`;
      expect(await glob(file, { cwd: folder }), `${folder}/${file}`).toEqual([file]);
    }
});

test('code that a document takes from a file is what the file says', async () => {
  const pages = await glob('docs/**/*.md', { cwd: root.pathname });
  const shown: string[] = [];
  for (const page of pages)
    for (const [, file = '', code] of (await read(page)).matchAll(
      /^```\w+ (\S+)\n([\s\S]*?)^```$/gm,
    )) {
      shown.push(file);
      expect(code, `${page} shows ${file}`).toBe(await read(file));
    }
  const { runtimes } = await loadRepositoryCatalog(root.pathname);
  for (const { language } of runtimes)
    expect(shown.join('\n'), 'docs/functions-api.md').toContain(`examples/${language}/typed/`);
});

test('every language has linters and unit tests, and an image in which they run', async () => {
  const { runtimes } = await loadRepositoryCatalog(root.pathname);
  const needed = ['Dockerfile.template', 'lint', 'unit'].map((name) => `test/${name}`);
  for (const { folder } of runtimes) {
    expect((await glob(needed, { cwd: folder })).sort(), folder).toEqual(needed);
    const { scripts } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    expect(scripts, folder).toMatchObject({ lint: 'test/lint', 'test:unit': 'test/unit' });
  }
});

test('every language with an installation can be told about a registry, and has packages for it', async () => {
  const { runtimes } = await loadRepositoryCatalog(root.pathname);
  for (const { folder, manifest } of runtimes) {
    if (!manifest.phases.installation) continue;
    expect(manifest.conformance.privateRegistry, folder).toBeDefined();
    expect(await glob('fixtures/registry/build', { cwd: folder }), folder).toHaveLength(1);
  }
});

test('every language is measured against a bare server and what Kubeless did, each a stage', async () => {
  const { runtimes } = await loadRepositoryCatalog(root.pathname);
  for (const runtime of runtimes) {
    const { contenders, function: ours } = await loadBenchManifest(runtime);
    const template = await readFile(`${runtime.folder}/bench/Dockerfile.template`, 'utf8');
    const stages = [...template.matchAll(/^FROM .+ AS ([a-z-]+)$/gm)].map(([, name]) => name);
    expect(stages, runtime.language).toEqual(
      expect.arrayContaining(contenders.map(({ id }) => id)),
    );
    expect(
      contenders.map(({ kind }) => kind),
      runtime.language,
    ).toEqual(expect.arrayContaining(['limit', 'peer', 'kubeless']));
    const { module } = runtime.manifest.conformance;
    const file = `bench/${ours.files}/${module}${runtime.manifest.function.suffix}`;
    expect(await glob(file, { cwd: runtime.folder })).toEqual([file]);
  }
});

test('no document links to a file that is not there', async () => {
  const pages = await glob(['*.md', 'docs/**/*.md'], { cwd: root.pathname });
  const broken: string[] = [];
  for (const page of pages)
    for (const [, link] of (await read(page)).matchAll(/\]\(((?!https?:|#)[^)#\s]+)/g)) {
      const found = await read(
        new URL(link ?? '', new URL(page, root)).pathname.slice(root.pathname.length),
      )
        .then(() => true)
        .catch((error: NodeJS.ErrnoException) => error.code === 'EISDIR');
      if (!found) broken.push(`${page}: ${link}`);
    }
  expect(broken).toEqual([]);
});
