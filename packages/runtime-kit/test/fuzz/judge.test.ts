import { expect, test } from 'vitest';
import type { RawAnswer } from '../../src/fuzz/answers.js';
import type { Exchange } from '../../src/fuzz/exchange.js';
import type { Input, Right } from '../../src/fuzz/input.js';
import { problemOf } from '../../src/fuzz/judge.js';

function input(right: Right, changes: Partial<Input> = {}): Input {
  return {
    group: 'http',
    shape: 'odd',
    bytes: Buffer.from('odd'),
    right,
    complete: true,
    ...changes,
  };
}

function answered(...given: [status: number, body?: string][]): Exchange {
  const answers = given.map(
    ([status, body = '']): RawAnswer => ({ status, headers: new Map(), body, incomplete: false }),
  );
  return { answers, garbage: '', closed: false, hung: false, refused: false };
}

const CLOSED: Exchange = { ...answered(), closed: true };
const FAILED = answered([500, 'Internal Server Error']);

test.each<[Right, Exchange, boolean]>([
  ['refusal', answered([400]), true],
  ['refusal', answered([431]), true],
  ['refusal', CLOSED, true],
  ['refusal', answered([200]), false],
  ['refusal', answered([505]), false],
  ['refusal', FAILED, false],
  ['bad-json', answered([400]), true],
  ['bad-json', answered([422]), false],
  ['bad-json', answered([200]), false],
  ['bad-json', CLOSED, false],
  ['any', answered([200]), true],
  ['any', answered([400]), true],
  ['any', CLOSED, true],
  ['any', FAILED, false],
  ['function', FAILED, true],
  ['function', answered([500, 'Error: at line 3']), false],
  ['function', answered([502]), false],
  ['any', { ...CLOSED, closed: false, hung: true }, false],
  ['any', { ...CLOSED, refused: true }, false],
  ['any', { ...answered([200]), garbage: 'Traceback' }, false],
])('%s: %j is right: %s', (right, exchange, isRight) => {
  expect(problemOf(input(right), exchange) === undefined).toBe(isRight);
});

test('statuses of HTTP itself are right where the input asks for them', () => {
  expect(problemOf(input('refusal', { also: [505] }), answered([505]))).toBeUndefined();
});

test('what stands behind the first request may be refused or served, not fail', () => {
  expect(problemOf(input('any'), answered([200], [400]))).toBeUndefined();
  expect(problemOf(input('any'), answered([200], [500]))).toContain('status 500');
});

test('a body is no request', () => {
  const smuggling = input('any', { never: 'marked' });
  expect(problemOf(smuggling, answered([200, 'abc'], [200, 'marked']))).toContain('marked');
  expect(problemOf(smuggling, answered([200, 'abc marked']))).toBeUndefined();
});

test.each([
  'Error: x at /opt/server/main.js:12',
  'File "/usr/lib/server/app.py", line 3',
  'in handler.rb:17',
])('a refusal that says %s tells too much', (text) => {
  expect(problemOf(input('any'), answered([400, text]))).toContain('insides');
  expect(problemOf(input('any'), answered([200, text]))).toBeUndefined();
});

test('the reason of a refusal may have places in the text', () => {
  const reason = 'Malformed JSON: Expecting value: line 1 column 1 (char 0)';
  expect(problemOf(input('bad-json'), answered([400, reason]))).toBeUndefined();
});
