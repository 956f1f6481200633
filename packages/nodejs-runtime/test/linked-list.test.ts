import { expect, test } from 'vitest';
import { Linked, LinkedList } from '../src/worker/linked-list.js';

class Item extends Linked {
  constructor(readonly name: string) {
    super();
  }
}

test('objects leave a list in any order, once, and keep nothing of it', () => {
  const list = new LinkedList<Item>();
  const items = ['a', 'b', 'c', 'd'].map((name) => new Item(name));
  const [a, b, c, d] = items as [Item, Item, Item, Item];
  for (const item of items) list.add(item);
  const left = () => [...list].map(({ name }) => name).join('');
  expect([left(), list.size, list.first, list.last]).toEqual(['abcd', 4, a, d]);
  for (const [gone, rest] of [
    [b, 'acd'],
    [b, 'acd'],
    [d, 'ac'],
    [a, 'c'],
  ] as const) {
    list.delete(gone);
    expect([left(), list.size]).toEqual([rest, rest.length]);
  }
  list.add(b);
  expect([left(), list.first, list.last]).toEqual(['cb', c, b]);
  for (const item of list) list.delete(item);
  expect([left(), list.size, list.first, list.last]).toEqual(['', 0, undefined, undefined]);
  for (const { before, after, isListed } of items)
    expect([before, after, isListed]).toEqual([undefined, undefined, false]);
});
