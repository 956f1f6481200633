import { describe, expect, test } from 'vitest';
import { Changes } from '../src/changes.js';
import { dependencyLines } from '../src/dependencies.js';
import { parsePairs, splitList } from '../src/pairs.js';

test('a list with commas keeps those in quotes', () => {
  expect(splitList('a,b')).toEqual(['a', 'b']);
  expect(splitList('"a=1,2",b')).toEqual(['a=1,2', 'b']);
  expect(splitList('a="say ""hi"", Ada"')).toEqual(['a=say "hi", Ada']);
  expect(splitList('')).toEqual([]);
});

test('the first = or : ends a name', () => {
  expect(parsePairs('--env', ['A=b:c', 'D:e=f,G='])).toEqual({ A: 'b:c', D: 'e=f', G: '' });
});

describe('dependencies in a table', () => {
  test('are those of a JSON file, a line each', () => {
    expect(dependencyLines('{"name": "x", "dependencies": {"a": "1", "b": "^2"}}')).toBe(
      'a: 1\nb: ^2',
    );
    expect(dependencyLines('{"require": {"a/b": "1"}}')).toBe('a/b: 1');
  });

  test('are the text of any other', () => {
    expect(dependencyLines('a==1\nb\n')).toBe('a==1\nb');
    expect(dependencyLines('{"name": "x"}')).toBe('{"name": "x"}');
    expect(dependencyLines('')).toBe('');
  });
});

test('many changes are one, and none is lost while nobody asks', async () => {
  const changes = new Changes();
  changes.note();
  changes.note();
  await changes.next();
  let seen = false;
  const next = changes.next().then(() => {
    seen = true;
  });
  await Promise.resolve();
  expect(seen).toBe(false);
  changes.note();
  await next;
});
