import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadBenchManifest } from '../../src/bench/contenders/load.js';
import { JSON_BODY, scenarioOf } from '../../src/bench/scenarios.js';
import { folderOf } from '../support/toy.js';

const contender = { id: 'bare', title: 'Bare', kind: 'limit', source: 'nowhere' };
const good = {
  apiVersion: 'runtime-kit/v1',
  function: {
    files: 'function',
    handlers: { hello: 'a', json: 'b', large: 'c', wait: 'd', work: 'e' },
  },
  contenders: [contender],
};

async function load(document: unknown) {
  const folder = await folderOf({ 'bench/bench.yaml': stringify(document) });
  return loadBenchManifest({ folder, language: 'toy' });
}

describe('bench.yaml', () => {
  test('has defaults', async () => {
    const { contenders } = await load(good);
    expect(contenders[0]).toMatchObject({ env: {}, extraFiles: {}, goals: {} });
  });

  test('reports every problem with its path', async () => {
    const bad = {
      ...good,
      colour: 'red',
      contenders: [
        { ...contender, id: 'ours' },
        { ...contender, kind: 'friend', title: '' },
      ],
    };
    const error = await load(bad).catch((thrown: Error) => thrown);
    for (const part of [
      'bench.yaml: colour: unknown key',
      'contenders[0].id: "ours" is the image of this repository',
      'contenders[1].kind',
      'contenders[1].title',
    ])
      expect((error as Error).message).toContain(part);
  });

  test('refuses an id that is taken', async () => {
    await expect(load({ ...good, contenders: [contender, contender] })).rejects.toThrow(
      'contenders[1].id: bare is taken',
    );
  });

  test('that is missing is named', async () => {
    const folder = await folderOf({});
    await expect(loadBenchManifest({ folder, language: 'toy' })).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringContaining('bench/bench.yaml is missing'),
    });
  });
});

describe('scenarios', () => {
  test('echo exactly 1 KiB, whatever white space an answer has', () => {
    expect(Buffer.byteLength(JSON_BODY)).toBe(1024);
    const { accepts } = scenarioOf('json');
    expect(accepts(Buffer.from(JSON_BODY))).toBe(true);
    expect(accepts(Buffer.from(JSON.stringify(JSON.parse(JSON_BODY), null, 2)))).toBe(true);
    expect(accepts(Buffer.from(JSON_BODY.replace('4711', '4712')))).toBe(false);
    expect(accepts(Buffer.from('no JSON'))).toBe(false);
  });

  test('take no other answer', () => {
    expect(scenarioOf('hello').accepts(Buffer.from('hello world'))).toBe(true);
    expect(scenarioOf('hello').accepts(Buffer.from('hello world\n'))).toBe(false);
    expect(scenarioOf('large').accepts(Buffer.from('1048576'))).toBe(true);
    expect(scenarioOf('large').accepts(Buffer.from('1048575'))).toBe(false);
  });
});
