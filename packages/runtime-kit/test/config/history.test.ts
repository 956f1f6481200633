import { describe, expect, test } from 'vitest';
import type { LiveConfigMap } from '../../src/cluster/index.js';
import { HISTORY, historyText, KEPT, readHistory } from '../../src/config/history.js';
import { applyStep, type ConfigStep, isStill, rollbackStep } from '../../src/config/index.js';

const NOW = new Date('2026-06-01');

const value = (version: string) => JSON.stringify([{ ID: 'toy', versions: [{ version }] }]);

function live(images: string | undefined, annotations: Record<string, string> = {}): LiveConfigMap {
  return {
    name: 'kubeless-config',
    namespace: 'kubeless',
    resourceVersion: '1',
    data: images === undefined ? {} : { 'runtime-images': images },
    annotations,
  };
}

/** The ConfigMap after a step. */
const after = ({ images, history }: ConfigStep) =>
  live(images, { [HISTORY]: historyText(history) });

const kept = ({ annotations }: LiveConfigMap) =>
  readHistory(annotations).map(({ images }) => images);

test('an apply keeps what it replaces, five at the most, newest first', () => {
  let state = live(value('0'));
  for (let count = 1; count <= 7; count++) state = after(applyStep(state, value(`${count}`), NOW));
  expect(state.data['runtime-images']).toBe(value('7'));
  expect(kept(state)).toEqual(['6', '5', '4', '3', '2'].map(value));
  expect(KEPT).toBe(5);
});

test('a ConfigMap without runtimes has nothing to keep', () => {
  expect(kept(after(applyStep(live(undefined), value('1'), NOW)))).toEqual([]);
});

test('a rollback goes back byte for byte, and a second one undoes it', () => {
  const odd = `${value('0')}  \n\n`;
  const applied = after(applyStep(live(odd), value('1'), NOW));
  const back = after(rollbackStep(applied, 1, NOW));
  expect(back.data['runtime-images']).toBe(odd);
  const again = after(rollbackStep(back, 1, NOW));
  expect(again.data['runtime-images']).toBe(value('1'));
  expect(kept(again)).toEqual([odd]);
});

test('a rollback over several keeps those between', () => {
  let state = live(value('0'));
  for (const one of ['1', '2', '3']) state = after(applyStep(state, value(one), NOW));
  const back = after(rollbackStep(state, 3, NOW));
  expect([back.data['runtime-images'], ...kept(back)]).toEqual(['0', '3', '2', '1'].map(value));
});

test('a rollback to what is not kept is refused', () => {
  const state = after(applyStep(live(value('0')), value('1'), NOW));
  expect(() => rollbackStep(state, 2, NOW)).toThrow(
    'keeps 1 versions, and not the one of 2 changes ago',
  );
});

test('the same value is no change', () => {
  expect(isStill(applyStep(live(value('1')), value('1'), NOW))).toBe(true);
  expect(isStill(applyStep(live(value('1')), value('2'), NOW))).toBe(false);
});

describe('the annotation', () => {
  test.each(['', '{', '[1]', '{"a": 1}'])('%j is no history', (text) => {
    expect(readHistory({ [HISTORY]: text })).toEqual([]);
  });

  test('stays well below what Kubernetes takes, and loses the oldest first', () => {
    const versions = ['a', 'b', 'c'].map((letter) => ({
      replacedAt: NOW.toISOString(),
      images: letter.repeat(50_000),
    }));
    const text = historyText(versions);
    expect(Buffer.byteLength(text)).toBeLessThan(128 * 1024);
    expect(readHistory({ [HISTORY]: text })).toEqual(versions.slice(0, 2));
    expect(historyText([{ ...versions[0], images: 'x'.repeat(200_000) } as never])).toBe('[]');
  });
});
