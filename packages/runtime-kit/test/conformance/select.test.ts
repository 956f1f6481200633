import { describe, expect, test } from 'vitest';
import type { Case, Rule } from '../../src/conformance/rule.js';
import {
  applicableRules,
  orderCases,
  reasonToSkip,
  selectRules,
} from '../../src/conformance/run/select.js';
import { toyFacts } from './toy-facts.js';

const run = async (): Promise<void> => {};
const rule = (id: string, profile: Rule['profile'], cases: Case[] = []): Rule => {
  return { id, profile, statement: id, cases };
};
const RULES = [rule('process.port', 'core'), rule('event.json', 'full'), rule('log.json', 'full')];
const ids = (rules: Rule[]): string[] => rules.map(({ id }) => id);

describe('selectRules', () => {
  test('a profile: core is a part of full', () => {
    expect(ids(selectRules(RULES, 'core', []))).toEqual(['process.port']);
    expect(ids(selectRules(RULES, 'full', []))).toEqual(ids(RULES));
  });

  test('rules by id, in the order of the contract, whatever the profile', () => {
    expect(ids(selectRules(RULES, 'core', ['log.json', 'event.json']))).toEqual([
      'event.json',
      'log.json',
    ]);
  });

  test('an unknown id suggests the nearest', () => {
    expect(() => selectRules(RULES, 'full', ['event.jsn'])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_RULE', hint: 'did you mean event.json?' }),
    );
  });
});

test('applicableRules leaves out what the contract does not ask of a language', () => {
  const compiled: Rule = {
    ...rule('compile.error', 'full'),
    inapplicable: ({ phases }) => (phases.compilation ? undefined : 'nothing is compiled'),
  };
  const compiling = toyFacts({ phases: { compilation: { command: 'make', env: {} } } });
  expect(ids(applicableRules([...RULES, compiled], toyFacts()))).toEqual(ids(RULES));
  expect(ids(applicableRules([compiled], compiling))).toEqual(['compile.error']);
  expect(ids(applicableRules([compiled], undefined))).toEqual(['compile.error']);
});

test('applicableRules leaves out single cases too', () => {
  const inapplicable = () => 'no such thing in this language';
  const some = rule('install.deps', 'full', [
    { name: 'a', run },
    { name: 'b', inapplicable, run },
  ]);
  const names = (rules: Rule[]) => rules.flatMap(({ cases }) => cases.map(({ name }) => name));
  expect(names(applicableRules([some], toyFacts()))).toEqual(['a']);
  expect(names(applicableRules([some], undefined))).toEqual(['a', 'b']);
});

test('reasonToSkip names what the target lacks', () => {
  const plainProcess = { isContainer: false, hasFunctions: false };
  expect(reasonToSkip({ name: 'a', needs: ['container'], run }, plainProcess)).toBe(
    'needs a container',
  );
  expect(reasonToSkip({ name: 'a', needs: ['functions'], run }, plainProcess)).toBe(
    'calls functions',
  );
  expect(reasonToSkip({ name: 'a', run }, plainProcess)).toBeUndefined();
  const image = { isContainer: true, hasFunctions: true };
  expect(
    reasonToSkip({ name: 'a', needs: ['container', 'functions'], run }, image),
  ).toBeUndefined();
});

test('orderCases begins with what may take long, and gives each lane its own cases', () => {
  const plain: Case = { name: 'plain', run };
  const long: Case = { name: 'long', limit: 31, run };
  const loop: Case = { name: 'loop', lane: 'loops', run };
  const wait: Case = { name: 'wait', lane: 'waits', limit: 90, run };
  const [x, y] = [rule('x', 'full', [plain, wait]), rule('y', 'full', [loop, plain, long])];
  expect(orderCases([x, y])).toEqual({
    together: [
      { rule: y, cases: [long] },
      { rule: x, cases: [plain] },
      { rule: y, cases: [plain] },
    ],
    lanes: [[{ rule: y, cases: [loop] }], [{ rule: x, cases: [wait] }]],
  });
});
