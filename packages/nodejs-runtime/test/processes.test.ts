import { expect, test } from 'vitest';
import { familyOf, parseStat } from '../src/processes.js';

test('a command with spaces and parentheses does not shift the fields of its stat', () => {
  const fields = Array.from({ length: 30 }, (_, index) => index + 3).join(' ');
  const stat = parseStat(7, `7 (a (b) c) ${fields}`);
  expect(stat).toEqual({
    pid: 7,
    parent: 4,
    state: '3',
    ticks: 14 + 15 + 16 + 17,
    startTicks: 22,
    pages: 24,
  });
});

test('a family is a process with all its descendants and nobody else', () => {
  const stat = (pid: number, parent: number) => ({
    pid,
    parent,
    state: 'S',
    ticks: 0,
    startTicks: 0,
    pages: 0,
  });
  const processes = [stat(1, 0), stat(5, 1), stat(6, 5), stat(7, 6), stat(8, 1)];
  expect(familyOf(5, processes).map(({ pid }) => pid)).toEqual([5, 6, 7]);
});
