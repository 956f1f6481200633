import { describe, expect, test } from 'vitest';
import {
  type CheckOptions,
  checkConfig,
  type Finding,
  type Pinned,
  parseConfigFile,
  type RuntimeImages,
  readRuntimeImages,
  renderRuntimeImages,
} from '../../src/config/index.js';
import { id } from '../pins/pinned.js';
import { says, standIn } from '../registry/stand-in.js';
import { kubelessText, type ToyOptions, toyPins } from './sample.js';

const TODAY = new Date('2026-06-01');

async function findingsIn(text: string, pinned?: Pinned, options: CheckOptions = {}) {
  const context = pinned ?? (await toyPins());
  return checkConfig(parseConfigFile(text, 'f'), context, { today: TODAY, ...options });
}

/** Of what is rendered, with one thing changed. */
async function afterChange(
  change: (images: RuntimeImages) => void,
  options: ToyOptions & { check?: CheckOptions } = {},
): Promise<Finding[]> {
  const pinned = await toyPins(options);
  const images = structuredClone(renderRuntimeImages(pinned));
  change(images);
  return findingsIn(JSON.stringify(images), pinned, options.check);
}

const short = (findings: Finding[]) =>
  findings.map(({ level, check, where, message }) => `${level} ${check} ${where}: ${message}`);

test('what is rendered has nothing to object to', async () => {
  expect(await afterChange(() => {})).toEqual([]);
  const config = { aliases: { 'toy1.8': 'toy1.10', old1: 'toy1.10' } };
  expect(await afterChange(() => {}, { config })).toEqual([]);
});

test("Kubeless's own ConfigMap is read, with warnings", async () => {
  const findings = await findingsIn(await kubelessText());
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  expect(short(findings)).toEqual(
    expect.arrayContaining([
      'warning unknown-field [0].compiled: the controller does not read this field',
      expect.stringContaining('warning tag python3.7 installation: python:3.7 is no digest'),
      expect.stringMatching(/warning pin go1.11 compilation: .* is in no pin/),
      expect.stringContaining('warning unknown-runtime python3.7: no manifest has it'),
      expect.stringContaining('warning tag builder-image: kubeless/function-image-builder:v1.0.8'),
    ]),
  );
  const { runtimes } = readRuntimeImages(parseConfigFile(await kubelessText(), 'f').images ?? '');
  expect(runtimes).toMatchObject([
    {
      ID: 'python',
      livenessProbeInfo: { periodSeconds: 10 },
      versions: [{ imagePullSecrets: [{ ImageSecret: 'first' }, { ImageSecret: 'second' }] }],
    },
    { ID: 'go', versions: [{ images: [{}, {}, {}] }] },
  ]);
});

test('one of controllers before 1.0 is read, with a warning', async () => {
  const version = { name: 'node8', version: '8', runtimeImage: 'k/n:8', initImage: 'node:8' };
  const text = JSON.stringify([
    { ID: 'nodejs', compiled: true, depName: 'x', versions: [version] },
  ]);
  const { runtimes, findings } = readRuntimeImages(text);
  expect(runtimes[0]?.versions[0]?.images).toEqual([
    { phase: 'installation', image: 'node:8' },
    { phase: 'compilation', image: 'node:8' },
    { phase: 'runtime', image: 'k/n:8' },
  ]);
  expect(findings.map(({ level, check }) => `${level} ${check}`)).toEqual([
    'warning old-structure',
    'warning unknown-field',
  ]);
});

describe('structure', () => {
  test.each([
    ['no list', '{"kind": "ConfigMap", "data": {"runtime-images": "{}"}}', '(whole file)'],
    ['no text at all', '{"kind": "ConfigMap", "data": {"a": "b"}}', 'runtime-images'],
    ['an empty list', '[]', 'runtime-images'],
    ['broken JSON', '[{"ID": "a",', '(whole value)'],
    [
      'a version without its version',
      '[{"ID": "a", "versions": [{"images": []}]}]',
      '[0].versions[0].version',
    ],
    ['a runtime that is none', '["a"]', '[0]'],
    [
      'an image that is a number of things',
      '[{"ID": "a", "versions": [{"version": "1", "images": [{"phase": "runtime", "image": []}]}]}]',
      '[0].versions[0].images[0].image',
    ],
    [
      'a bad probe',
      '[{"ID": "a", "livenessProbeInfo": {"periodSeconds": "x"}}]',
      '[0].livenessProbeInfo.periodSeconds',
    ],
  ])('%s is an error with its place', async (_, text, where) => {
    const findings = await findingsIn(text);
    expect(findings[0]).toMatchObject({ level: 'error', check: 'structure', where });
  });

  test('what is wrong in one place does not hide the others', () => {
    const text = `[{"ID": "a", "depName": ["x"], "colour": "red", "versions": [
      {"name": "no version"}, {"version": "1", "images": [{"phase": "warm-up", "image": "i"}, {"phase": "runtime", "image": "i"}]}]},
      7, 8, {"ID": "b", "versions": null, "depName": null}]`;
    const { runtimes, findings } = readRuntimeImages(text);
    expect(runtimes).toEqual([
      { ID: 'a', versions: [{ version: '1', images: [{ phase: 'runtime', image: 'i' }] }] },
      { ID: 'b', versions: [] },
    ]);
    expect(findings.map(({ where }) => where).sort()).toEqual([
      '[0].colour',
      '[0].depName',
      '[0].versions[0].version',
      '[0].versions[1].images[0].phase',
      '[1]',
      '[2]',
    ]);
  });

  test('tabs and commas too many are as fine as the controller finds them', () => {
    const text = '[\n\t{\n\t\t"ID": "a",\n\t\t"versions": [{"version": "1",},],\n\t},\n]';
    expect(readRuntimeImages(text)).toEqual({
      runtimes: [{ ID: 'a', versions: [{ version: '1', images: [] }] }],
      findings: [],
    });
  });

  test('a version without quotes is a warning', () => {
    const { runtimes, findings } = readRuntimeImages('- ID: a\n  versions: [{version: 1.10}]');
    expect(runtimes[0]?.versions[0]?.version).toBe('1.1');
    expect(findings).toMatchObject([{ level: 'warning', where: '[0].versions[0].version' }]);
  });
});

const toy = (images: RuntimeImages) => {
  const [info] = images;
  const [version] = info?.versions ?? [];
  const [installation, runtime] = version?.images ?? [];
  if (!info || !version || !installation || !runtime) throw new Error('there is no toy');
  return { info, version, installation, runtime };
};

describe('errors of our own images', () => {
  test.each<[string, (images: RuntimeImages) => void, string]>([
    [
      'a tag',
      (images) => Object.assign(toy(images).runtime, { image: 'registry.example/f/toy:1.10' }),
      'error tag toy1.10 runtime: registry.example/f/toy:1.10 is no digest',
    ],
    [
      'a digest that is not pinned',
      (images) =>
        Object.assign(toy(images).runtime, { image: `registry.example/f/toy@${id('e')}` }),
      'error pin toy1.10 runtime: ',
    ],
    [
      'a digest that is none',
      (images) => Object.assign(toy(images).runtime, { image: 'registry.example/f/toy@sha256:12' }),
      'error structure toy1.10 runtime: ',
    ],
    [
      'no runtime phase',
      (images) => toy(images).version.images.pop(),
      'error phases toy1.10: no image has the phase "runtime"',
    ],
    [
      'two runtime phases',
      (images) => toy(images).version.images.push(toy(images).runtime),
      'error phases toy1.10: the phase "runtime" is there more than once',
    ],
    [
      'an installation without a dependency file',
      (images) => delete toy(images).info.depName,
      'error phases toy1.10: the phase "installation" needs a depName',
    ],
    [
      'no phase that the language needs',
      (images) => toy(images).version.images.shift(),
      'error phases toy1.10: Toy needs the phase "installation"',
    ],
    [
      'a phase that the language does not have',
      (images) =>
        toy(images).version.images.push({ ...toy(images).installation, phase: 'compilation' }),
      'error phases toy1.10: Toy has no phase "compilation"',
    ],
    [
      'an ID twice',
      (images) => images.push(toy(images).info),
      'error duplicate toy: the ID is there more than once',
    ],
    [
      'a version twice',
      (images) => toy(images).info.versions.push(toy(images).version),
      'error duplicate toy1.10: the version is there more than once',
    ],
    [
      'an ID that is never found',
      (images) => Object.assign(toy(images).info, { ID: 'toy3d' }),
      'error name toy3d: ',
    ],
    [
      'a version that is never found',
      (images) => Object.assign(toy(images).version, { version: '1.10-beta' }),
      'error name toy1.10-beta: ',
    ],
    [
      'a probe that needs a program',
      (images) =>
        Object.assign(toy(images).info, { livenessProbeInfo: { exec: { command: ['curl'] } } }),
      'error probe toy: the probe runs "curl"',
    ],
  ])('%s', async (_, change, expected) => {
    expect(short(await afterChange(change))).toContainEqual(expect.stringContaining(expected));
  });

  test('a compiled language without its compilation', async () => {
    const manifest = {
      phases: { installation: { command: 'i' }, compilation: { command: 'c' } },
      capabilities: { data: 'parsed', checks: 'compile' },
    };
    const findings = await afterChange(
      (images) => {
        const { version } = toy(images);
        version.images = version.images.filter(({ phase }) => phase !== 'compilation');
      },
      { manifest },
    );
    expect(short(findings)).toEqual([
      'error phases toy1.10: Toy needs the phase "compilation", which is not there',
    ]);
  });
});

test('a version of our language that is none of ours lacks its phase with a warning', async () => {
  const image = `elsewhere.example/toy@${id('1')}`;
  const versions = [{ version: '3', images: [{ phase: 'runtime', image }] }];
  const findings = await findingsIn(JSON.stringify([{ ID: 'toy', versions }]));
  expect(findings.map(({ level, check }) => `${level} ${check}`)).toEqual([
    'warning phases',
    'warning pin',
    'warning unknown-runtime',
  ]);
});

test('the end of life is a warning, also behind an alias', async () => {
  const config = { aliases: { 'toy1.8': 'toy1.10' } };
  const check = { today: new Date('2031-01-01') };
  expect(short(await afterChange(() => {}, { config, check }))).toEqual([
    'warning end-of-life toy1.10: no support since 2030-01-01',
    'warning end-of-life toy1.8: no support since 2030-01-01 (toy1.10)',
  ]);
});

test('a pin without proof is a warning', async () => {
  const pin = { verdict: { verdict: 'unverified' as const, reason: 'no time' } };
  expect(short(await afterChange(() => {}, { pin }))).toEqual([
    'warning unverified toy1.10 installation: toy1.10 is pinned without proof: no time',
    'warning unverified toy1.10 runtime: toy1.10 is pinned without proof: no time',
  ]);
});

test('an image of a custom runtime is known', async () => {
  const image = `registry.example/wood@${id('7')}`;
  const config = {
    customRuntimes: [{ id: 'wood', version: '2', images: [{ phase: 'runtime', image }] }],
  };
  expect(await afterChange(() => {}, { config })).toEqual([]);
});

describe('architectures', () => {
  test('that the nodes have and a pin does not are errors', async () => {
    const check = { platform: 'linux/arm64' };
    expect(short(await afterChange(() => {}, { check }))).toEqual([
      'error architecture toy1.10 installation: pinned for linux/amd64, not for linux/arm64',
      'error architecture toy1.10 runtime: pinned for linux/amd64, not for linux/arm64',
    ]);
    expect(await afterChange(() => {}, { check: { platform: 'linux/amd64' } })).toEqual([]);
  });

  test('that only some images have are warnings', async () => {
    const pinned = await toyPins();
    const { build } = pinned.locks[0]?.images ?? {};
    const [platform] = Object.values(build?.platforms ?? {});
    if (build && platform) build.platforms['linux/arm64'] = platform;
    const images = JSON.stringify(renderRuntimeImages(pinned));
    expect(short(await findingsIn(images, pinned))).toEqual([
      'warning architecture toy1.10 runtime: pinned for linux/amd64, not for linux/arm64, for which others are',
    ]);
  });
});

describe('registries', () => {
  const text = (image: string) =>
    JSON.stringify([
      { ID: 'x', versions: [{ version: '1', images: [{ phase: 'runtime', image }] }] },
    ]);
  const ofRegistry = (findings: Finding[]) =>
    short(findings.filter(({ check }) => check === 'registry'));

  test('that have a digest are asked once, and nothing is said', async () => {
    const { host, seen } = await standIn(says(200, { 'docker-content-digest': id('1') }));
    const value = text(`${host}/f/x@${id('1')}`);
    expect(ofRegistry(await findingsIn(value, undefined, { registries: true }))).toEqual([]);
    expect(seen.at(-1)).toMatchObject({ method: 'HEAD', url: `/v2/f/x/manifests/${id('1')}` });
    const before = seen.length;
    await findingsIn(value);
    expect(seen).toHaveLength(before);
  });

  test('that lack a digest are an error', async () => {
    const { host } = await standIn(says(404));
    const findings = await findingsIn(text(`${host}/f/x@${id('1')}`), undefined, {
      registries: true,
    });
    expect(ofRegistry(findings)).toEqual([
      `error registry x1 runtime: ${host} does not have ${id('1')}`,
    ]);
  });

  test('that no name says are not guessed', async () => {
    const findings = await findingsIn(text(`kubeless/x@${id('1')}`), undefined, {
      registries: true,
    });
    expect(ofRegistry(findings)).toEqual([
      'warning registry x1 runtime: kubeless/x names no registry: it was not asked',
    ]);
  });
});
