import { expect, test } from 'vitest';
import {
  diffRuntimeImages,
  type RuntimeImages,
  serverConfigMessages,
  supportedRuntimes,
} from '../../src/config/index.js';

function toy(changes: object = {}, version: object = {}): RuntimeImages[number] {
  const images = [
    { phase: 'installation' as const, image: 'build@1', command: 'get' },
    { phase: 'runtime' as const, image: 'run@1', env: { B: '2', A: '1' } },
  ];
  return {
    ID: 'toy',
    depName: 'toys.txt',
    versions: [{ version: '1', images, ...version }],
    ...changes,
  };
}

test('the same, written in another order, is no difference', () => {
  const [installation, runtime] = toy().versions[0]?.images ?? [];
  const other = toy(
    {},
    { images: [{ ...runtime, env: { A: '1', B: '2' } }, installation], name: 'x' },
  );
  expect(diffRuntimeImages([toy(), toy({ ID: 'b' })], [toy({ ID: 'b' }), other])).toEqual([]);
});

test('each thing is told of by runtime and phase', () => {
  const other = toy(
    { depName: undefined, fileNameSuffix: '.toy', livenessProbeInfo: { periodSeconds: 1 } },
    {
      imagePullSecrets: [{ ImageSecret: 'login' }],
      images: [
        { phase: 'compilation', image: 'build@1' },
        { phase: 'runtime', image: 'run@2', env: { A: '1' } },
      ],
    },
  );
  const changes = diffRuntimeImages([toy()], [other]);
  expect(
    changes.map(({ phase = '', field, ...values }) => [phase, field, values.old, values.new]),
  ).toEqual([
    ['installation', 'image', 'build@1', null],
    ['installation', 'command', 'get', null],
    ['runtime', 'image', 'run@1', 'run@2'],
    ['runtime', 'env', 'A=1\nB=2', 'A=1'],
    ['', 'depName', 'toys.txt', null],
    ['compilation', 'image', null, 'build@1'],
    ['', 'fileNameSuffix', null, '.toy'],
    ['', 'probe', null, '{"periodSeconds":1}'],
    ['', 'secrets', null, 'login'],
  ]);
});

test('runtimes come and go whole', () => {
  const changes = diffRuntimeImages([toy()], [toy({ ID: 'new' })]);
  const images = changes.filter(({ field }) => field === 'image');
  expect(images.map(({ runtime, old, new: now }) => [runtime, old, now])).toEqual([
    ['toy1', 'build@1', null],
    ['toy1', 'run@1', null],
    ['new1', null, 'build@1'],
    ['new1', null, 'run@1'],
  ]);
});

test('of a version that is there twice the first counts', () => {
  const twice = toy({ versions: [...toy().versions, { version: '1', images: [] }] });
  expect(diffRuntimeImages([toy()], [twice])).toEqual([]);
});

test('supported runtimes are flagged where they are aliases, and told in the words of Kubeless', () => {
  const runtimes = supportedRuntimes([toy(), toy({ ID: 'old' })], { aliases: { old1: 'toy1' } });
  expect(runtimes.map(({ runtime, alias }) => [runtime, alias])).toEqual([
    ['toy1', undefined],
    ['old1', 'toy1'],
  ]);
  expect(serverConfigMessages(runtimes)).toEqual([
    'Current Server Config:',
    'Supported Runtimes are: toy1, old1',
  ]);
});
