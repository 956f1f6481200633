import { expect, test } from 'vitest';
import { rules } from '../../src/conformance/index.js';

test('every rule stands once, in its chapter, and says what it is about', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, statement } of rules) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(statement.length, id).toBeGreaterThan(20);
  }
});

test('the cases of a rule have names of their own: results are told apart by them', () => {
  for (const { id, cases } of rules) {
    const names = cases.map(({ name }) => name);
    expect([...new Set(names)], id).toEqual(names);
  }
});

test('core is what Kubeless asks of a custom image', () => {
  const core = rules.filter(({ profile }) => profile === 'core').map(({ id }) => id);
  expect(core).toEqual(['process.port', 'process.healthz']);
});
