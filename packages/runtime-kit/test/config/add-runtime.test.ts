import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadRepositoryCatalog, parseConfig } from '../../src/catalog/index.js';
import { withCustomRuntime } from '../../src/config/custom-list.js';
import { addRuntime, type NewRuntime, renderRuntimeImages } from '../../src/config/index.js';
import { type Report, statusOf, summaryOf } from '../../src/conformance/index.js';
import { sha256 } from '../../src/pins/index.js';
import { id } from '../pins/pinned.js';
import { says, standIn } from '../registry/stand-in.js';
import { folderOf, toyRepository } from '../support/toy.js';

const IMAGE = `registry.example/wood@${id('7')}`;
const CONFIG = `# ours
apiVersion: runtime-kit/v1
runtimes: ['images/*']   # all of them
`;

interface ReportOf {
  name?: string;
  imageId?: string;
  rules?: Record<string, 'passed' | 'failed' | 'skipped'>;
}

const CORE = { 'process.port': 'passed', 'process.healthz': 'passed' } as const;

/** What `verify --profile core` writes of an image of others. */
function reportOf({ name = IMAGE, imageId = id('a'), rules = CORE }: ReportOf = {}): Report {
  const found = Object.entries(rules).map(([rule, status]) => {
    const cases = [{ name: 'x', status, durationMs: 1 }];
    return { id: rule, statement: 's', status: statusOf(cases), cases };
  });
  const summary = summaryOf(found);
  return {
    schema: 'runtime-kit/report/v1',
    contract: 1,
    profile: 'core',
    started: '2026-01-02T03:04:05.678Z',
    durationMs: 1,
    passed: summary.failed === 0,
    targets: [{ name, kind: 'image', imageId, summary, rules: found }],
  };
}

async function adding(report: unknown, changes: Partial<NewRuntime> = {}) {
  const repository = await toyRepository({ 'runtime-kit.config.yaml': CONFIG });
  const folder = await folderOf({ 'report.json': JSON.stringify(report) });
  const catalog = await loadRepositoryCatalog(repository);
  const added = await addRuntime(catalog, {
    image: IMAGE,
    report: join(folder, 'report.json'),
    id: 'wood',
    version: '2',
    ...changes,
  });
  const text = await readFile(join(repository, 'runtime-kit.config.yaml'), 'utf8');
  return { added, text, repository };
}

test('an image by the digest of its report is added without a registry, and rendered', async () => {
  const report = reportOf();
  const { added, text, repository } = await adding(report, {
    suffix: '.wd',
    dependencies: 'woods.txt',
    name: 'Wood',
  });
  expect(added).toEqual({
    id: 'wood',
    version: '2',
    name: 'Wood',
    suffix: '.wd',
    dependencies: 'woods.txt',
    images: [{ phase: 'runtime', image: IMAGE }],
    verified: { report: sha256(JSON.stringify(report)), profile: 'core', at: report.started },
  });
  expect(text.startsWith(CONFIG)).toBe(true);
  const catalog = await loadRepositoryCatalog(repository);
  expect(catalog.config.customRuntimes).toEqual([added]);
  expect(renderRuntimeImages({ catalog, locks: [] })).toEqual([
    {
      ID: 'wood',
      depName: 'woods.txt',
      fileNameSuffix: '.wd',
      versions: [{ name: 'Wood', version: '2', images: [{ phase: 'runtime', image: IMAGE }] }],
    },
  ]);
});

describe('an image that the report calls otherwise', () => {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const config = { digest: id('a'), size: 3 };
  const manifest = JSON.stringify({ mediaType: type, config, layers: [] });

  test('is added by the digest that its tag has in the registry', async () => {
    const { host } = await standIn(says(200, { 'content-type': type }, manifest));
    const image = `${host}/wood:2`;
    const { added } = await adding(reportOf({ name: image }), { image });
    expect(added.images[0]?.image).toBe(`${host}/wood@${sha256(manifest)}`);
  });

  test('is added by the digest of a list, where the image is one of it', async () => {
    const list = JSON.stringify({ manifests: [{ digest: sha256(manifest) }] });
    const { host } = await standIn(
      (_, response) => response.end(list),
      (_, response) => response.end(manifest),
    );
    const image = `${host}/wood:2`;
    const { added } = await adding(reportOf({ name: image }), { image });
    expect(added.images[0]?.image).toBe(`${host}/wood@${sha256(list)}`);
  });

  test('is added by its digest where the registry says that it is the one', async () => {
    const { host, seen } = await standIn(says(200, { 'content-type': type }, manifest));
    const image = `${host}/wood@${sha256(manifest)}`;
    const { added } = await adding(reportOf({ name: 'local/wood' }), { image });
    expect(added.images[0]?.image).toBe(image);
    expect(seen.at(-1)?.url).toBe(`/v2/wood/manifests/${sha256(manifest)}`);
  });

  test.each([
    [
      'that stands for another image',
      says(200, {}, manifest.replace(/a{64}/, 'b'.repeat(64))),
      'is not the image of the report',
    ],
    ['that the registry lacks', says(404), 'does not have it'],
  ])('%s is refused', async (_, answer, reason) => {
    const { host } = await standIn(answer);
    const image = `${host}/wood:2`;
    await expect(adding(reportOf({ name: image }), { image })).rejects.toMatchObject({
      code: 'PIN_REFUSED',
      message: expect.stringContaining(reason),
    });
  });
});

describe('no proof is', () => {
  test.each([
    [
      'a report with a failed rule',
      reportOf({ rules: { ...CORE, 'process.port': 'failed' } }),
      'the report did not pass\n  it does not prove process.port',
    ],
    [
      'one with a skipped rule',
      reportOf({ rules: { ...CORE, 'process.port': 'skipped' } }),
      'it does not prove process.port',
    ],
    [
      'one that did not ask',
      reportOf({ rules: { 'process.port': 'passed' } }),
      'it does not prove process.healthz',
    ],
    [
      'one whose verdict was edited',
      { ...reportOf({ rules: { ...CORE, 'answer.x': 'failed' } }), passed: true },
      'the report did not pass',
    ],
    [
      'one of several images',
      { ...reportOf(), targets: [...reportOf().targets, ...reportOf().targets] },
      'not of one image',
    ],
    [
      'one of a process',
      { ...reportOf(), targets: [{ ...reportOf().targets[0], kind: 'command' }] },
      'not of one image',
    ],
    ['something else', { verdict: 'fine' }, 'is no report'],
  ])('%s', async (_, report, reason) => {
    await expect(adding(report)).rejects.toMatchObject({
      code: 'PIN_REFUSED',
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('--profile core --reporter json'),
    });
  });

  test('a report that is not there', async () => {
    await expect(adding(reportOf(), { report: '/nowhere.json' })).rejects.toMatchObject({
      code: 'PIN_REFUSED',
    });
  });

  test('a name that no registry can be asked for', async () => {
    await expect(adding(reportOf(), { image: 'wood' })).rejects.toMatchObject({
      code: 'PIN_REFUSED',
      message: expect.stringContaining('has no registry'),
    });
  });
});

test('a name that is taken is refused, and nothing is written', async () => {
  const repository = await toyRepository({ 'runtime-kit.config.yaml': CONFIG });
  const folder = await folderOf({ 'report.json': JSON.stringify(reportOf()) });
  const report = join(folder, 'report.json');
  const catalog = await loadRepositoryCatalog(repository);
  await expect(
    addRuntime(catalog, { image: IMAGE, report, id: 'toy', version: '1.9' }),
  ).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('toy1.9') });
  const file = join(repository, 'runtime-kit.config.yaml');
  expect(await readFile(file, 'utf8')).toBe(CONFIG);
});

test('whatever the file is written like, all else stays', () => {
  const custom = (version: string) => ({
    id: 'wood',
    version,
    images: [{ phase: 'runtime' as const, image: IMAGE }],
  });
  const item = (pad: string, version: string) =>
    `${pad}- id: wood\n${pad}  version: '${version}'\n${pad}  images:\n${pad}    - {phase: runtime, image: ${IMAGE}}`;
  const lists = [
    '',
    'customRuntimes: []  # none\n',
    ...['', '  ', '    '].map(
      (pad) =>
        `customRuntimes: # two\n${item(pad, '1')} # first\n${pad}# between\n${item(pad, '2')}\n`,
    ),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...lists),
      fc.constantFrom('', '\n\n# the end', 'prefix: p # ours\n', 'prefix: p'),
      (list, tail) => {
        const text = `${CONFIG}${list}${tail}`;
        const out = withCustomRuntime(text, 'f', custom('9'));
        const [was, is] = [parse(text), parse(out)];
        expect(is).toEqual({
          ...was,
          customRuntimes: [...(was.customRuntimes ?? []), custom('9')],
        });
        const lines = (one: string) => one.split('\n').filter((line) => line.trim() !== '');
        const kept = lines(out);
        for (const line of lines(text.replace('[]', ''))) expect(kept).toContain(line);
        expect(parseConfig(out, 'f').customRuntimes.at(-1)?.version).toBe('9');
      },
    ),
  );
});

test('a list in brackets is refused', () => {
  const text = `${CONFIG}customRuntimes: [{id: a}]\n`;
  expect(() => withCustomRuntime(text, 'f', { id: 'b', version: '1', images: [] })).toThrow(
    'f: customRuntimes is no list of lines',
  );
});
