import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadRepositoryCatalog } from '../../src/catalog/index.js';
import {
  configMapName,
  FORMATS,
  formatted,
  type RuntimeImages,
  readPinned,
  readRuntimeImages,
  renderRuntimeImages,
  runtimeImagesSchema,
} from '../../src/config/index.js';
import { lockFile } from '../../src/pins/store.js';
import { pinnedToy, type ToyOptions, toyPins } from './sample.js';

const CUSTOM = {
  id: 'wood',
  version: '2',
  images: [{ phase: 'runtime', image: `registry.example/wood@sha256:${'7'.repeat(64)}` }],
};

async function rendered(options: ToyOptions = {}): Promise<RuntimeImages> {
  return renderRuntimeImages(await toyPins(options));
}

describe('runtime-images', () => {
  test('has digests of pins, commands and environment of manifests', async () => {
    const pinned = await toyPins();
    const { runtime, build } = pinned.locks[0]?.images ?? {};
    expect(renderRuntimeImages(pinned)).toEqual([
      {
        ID: 'toy',
        depName: 'toys.txt',
        fileNameSuffix: '.toy',
        versions: [
          {
            name: 'toy1.10',
            version: '1.10',
            images: [
              {
                phase: 'installation',
                image: `registry.example/f/toy-build@${build?.digest}`,
                command: 'install-toys',
              },
              {
                phase: 'runtime',
                image: `registry.example/f/toy@${runtime?.digest}`,
                env: { TOYS: '$(KUBELESS_INSTALL_VOLUME)/1.10' },
              },
            ],
          },
        ],
      },
    ]);
  });

  test('fits the published structure, strictly', async () => {
    const images = await rendered({
      config: {
        aliases: { 'toy1.8': 'toy1.10', old_toys3: 'toy1.10' },
        customRuntimes: [CUSTOM],
        imagePullSecrets: ['login'],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 },
      },
    });
    expect(runtimeImagesSchema.parse(images)).toEqual(images);
    expect(readRuntimeImages(JSON.stringify(images))).toEqual({ runtimes: images, findings: [] });
    expect(images.map(({ ID }) => ID)).toEqual(['toy', 'wood', 'old_toys']);
    for (const { livenessProbeInfo, versions } of images) {
      expect(livenessProbeInfo).toMatchObject({ periodSeconds: 10 });
      for (const { imagePullSecrets } of versions)
        expect(imagePullSecrets).toEqual([{ ImageSecret: 'login' }]);
    }
  });

  test('of an image without a suffix has none, so that functions are /kubeless/function', async () => {
    const [, wood] = await rendered({ config: { customRuntimes: [CUSTOM] } });
    expect(wood).toEqual({
      ID: 'wood',
      versions: [{ name: 'wood2', version: '2', images: CUSTOM.images }],
    });
  });
});

test('images of a custom runtime are in the order of their phases', async () => {
  const [runtime] = CUSTOM.images;
  const images = [
    runtime,
    { ...runtime, phase: 'compilation' },
    { ...runtime, phase: 'installation' },
  ];
  const customRuntimes = [{ ...CUSTOM, dependencies: 'woods.txt', images }];
  const [, wood] = await rendered({ config: { customRuntimes } });
  expect(wood?.versions[0]?.images.map(({ phase }) => phase)).toEqual([
    'installation',
    'compilation',
    'runtime',
  ]);
});

describe('an alias', () => {
  test('is one more version with the old name', async () => {
    const [toy] = await rendered({ config: { aliases: { 'toy1.8': 'toy1.10' } } });
    const [real, alias] = toy?.versions ?? [];
    expect(alias).toEqual({ ...real, name: 'toy1.8', version: '1.8' });
  });

  test('of another ID gets an entry with the same files', async () => {
    const [toy, old] = await rendered({ config: { aliases: { 'old-toys3': 'toy1.10' } } });
    expect(old).toMatchObject({ ID: 'old-toys', depName: toy?.depName, fileNameSuffix: '.toy' });
    expect(old?.versions[0]?.images).toEqual(toy?.versions[0]?.images);
  });

  test.each([
    ['of a runtime', { 'toy1.9': 'toy1.10' }, 'aliases.toy1.9: toy1.9 is a runtime itself'],
    ['of a custom one', { wood2: 'toy1.10' }, 'aliases.wood2: wood2 is a runtime itself'],
    [
      'to nothing',
      { toy1: 'toy1.11' },
      'aliases.toy1: there is no runtime "toy1.11"; did you mean',
    ],
    ['to an alias', { toy1: 'toy2', toy2: 'toy1.10' }, 'aliases.toy1: toy2 is an alias too'],
    ['without a version', { toy: 'toy1.10' }, 'aliases.toy: '],
    ['to what is not pinned', { toy1: 'toy1.9' }, 'aliases.toy1: toy1.9 is not pinned'],
    ['of an ID with other files', { wood1: 'toy1.10' }, 'aliases.wood1: wood has the files'],
  ])('%s is refused with file and key', async (_, aliases, message) => {
    await expect(rendered({ config: { aliases, customRuntimes: [CUSTOM] } })).rejects.toMatchObject(
      {
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(
          `runtime-kit.config.yaml: ${message.replace(/[?.]/g, '\\$&')}`,
        ),
      },
    );
  });
});

describe('a custom runtime is refused', () => {
  test.each([
    ['that a manifest has', { id: 'toy', version: '1.9' }, 'there is a runtime toy1.9 already'],
    ['with another suffix', { id: 'toy' }, 'suffix: all versions of toy share one: .toy'],
    ['by a tag', { images: [{ phase: 'runtime', image: 'x:1' }] }, 'an image by digest'],
    ['without a server', { images: [{ ...CUSTOM.images[0], phase: 'compilation' }] }, 'no image'],
    ['with two servers', { images: [CUSTOM.images[0], CUSTOM.images[0]] }, 'more than once'],
    [
      'with an installation of nothing',
      { images: [...CUSTOM.images, { ...CUSTOM.images[0], phase: 'installation' }] },
      'needs the name of a dependency file',
    ],
    ['with digits in its ID', { id: 'wood3d' }, 'letters, dashes and underscores'],
  ])('%s', async (_, changes, message) => {
    const customRuntimes = [{ ...CUSTOM, ...changes }];
    await expect(rendered({ config: { customRuntimes } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('nothing is rendered', () => {
  test('of no pins', async () => {
    const { repository, pins } = await pinnedToy();
    await rm(lockFile(pins, 'toy1.10'));
    const pinned = await readPinned(await loadRepositoryCatalog(repository));
    expect(() => renderRuntimeImages(pinned)).toThrow(`there are no pins in`);
  });

  test('of a pin whose evidence was tampered with', async () => {
    const { repository, pins } = await pinnedToy();
    await rm(join(pins, 'evidence'), { recursive: true });
    await expect(readPinned(await loadRepositoryCatalog(repository))).rejects.toMatchObject({
      code: 'PIN_INVALID',
      message: expect.stringContaining('is missing'),
    });
  });

  test('of a pin of a version that no manifest has', async () => {
    const versions = [
      { version: '1.9', suite: 'bookworm', released: '2022-01-01', endOfLife: '2025-01-01' },
    ];
    await expect(rendered({ manifest: { versions } })).rejects.toMatchObject({
      code: 'PIN_INVALID',
      message: expect.stringContaining('toy1.10 is pinned, and no runtime.yaml has it'),
    });
  });

  test('of a pin without the image of a phase', async () => {
    const pinned = await toyPins();
    for (const { images } of pinned.locks) delete images.build;
    expect(() => renderRuntimeImages(pinned)).toThrow('has the phase installation');
  });
});

describe('formats', () => {
  test.each(FORMATS)('%s holds the same runtimes', async (format) => {
    const images = await rendered();
    const document = parse(formatted(images, format, { name: 'kc', namespace: 'ns' }));
    const configMap = (object: { metadata: object; data: Record<string, string> }) => {
      expect(object).toMatchObject({
        kind: 'ConfigMap',
        metadata: { name: 'kc', namespace: 'ns' },
      });
      return JSON.parse(object.data['runtime-images'] ?? '');
    };
    const found = {
      configmap: () => configMap(document),
      json: () => document,
      yaml: () => document,
      'helm-values': () => JSON.parse(document.config.runtimeImages),
      kustomize: () => {
        expect(document.kind).toBe('Component');
        expect(document.patches[0].target).toMatchObject({ kind: 'ConfigMap', name: 'kc' });
        return configMap(parse(document.patches[0].patch));
      },
    }[format]();
    expect(found).toEqual(images);
  });

  test('name and namespace are the environment’s', () => {
    expect(configMapName({})).toEqual({ name: 'kubeless-config', namespace: 'kubeless' });
    expect(configMapName({ KUBELESS_CONFIG: 'c', KUBELESS_NAMESPACE: 'n' })).toEqual({
      name: 'c',
      namespace: 'n',
    });
  });
});
