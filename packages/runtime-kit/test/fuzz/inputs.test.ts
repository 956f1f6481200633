import { describe, expect, test } from 'vitest';
import { GROUPS, type Input } from '../../src/fuzz/input.js';
import { inputsOf } from '../../src/fuzz/inputs/index.js';
import { rightFor } from '../../src/fuzz/inputs/json.js';
import { request } from '../../src/fuzz/inputs/request.js';

/** Inputs as text: to compare buffers byte by byte takes long. */
const shown = (inputs: Input[]) =>
  inputs.map(({ bytes, ...input }) =>
    JSON.stringify({ ...input, bytes: bytes.toString('base64') }),
  );

describe('the inputs of a seed', () => {
  const inputs = inputsOf(7, 0, 600);

  test('are the same again', () => {
    expect(shown(inputsOf(7, 0, 600))).toEqual(shown(inputs));
  });

  test('do not depend on how many there are', () => {
    expect(shown(inputsOf(7, 0, 50))).toEqual(shown(inputs.slice(0, 50)));
  });

  test('are the same from the middle on', () => {
    expect(shown(inputsOf(7, 321, 40))).toEqual(shown(inputs.slice(321, 361)));
  });

  test('are others for another seed', () => {
    expect(shown(inputsOf(8, 0, 50))).not.toEqual(shown(inputs.slice(0, 50)));
  });

  test('are of all groups, mostly all different, and small enough to be sent', () => {
    expect(new Set(inputs.map(({ group }) => group))).toEqual(new Set(GROUPS));
    const different = new Set(inputs.map(({ bytes }) => bytes.toString('latin1')));
    expect(different.size).toBeGreaterThan(400);
    for (const { bytes } of inputs) expect(bytes.length).toBeLessThan(2 ** 20);
  });

  test('ask for 400 only where the body says that it is JSON', () => {
    const json = inputs.filter(({ right }) => right === 'bad-json');
    expect(json.length).toBeGreaterThan(50);
    for (const { bytes } of json)
      expect(bytes.toString('latin1')).toMatch(/^content-type: .*json/im);
  });
});

describe('which answer is right for a JSON body', () => {
  test.each([
    ['', 'any'],
    ['{"a": [1, "ü"]}', 'any'],
    ['\ufeff{}', 'any'],
    ['"\\ud800"', 'any'],
    ['[1e999]', 'function'],
    ['{"a":', 'bad-json'],
    ['[1,]', 'bad-json'],
    ['NaN', 'bad-json'],
    ['// no\n1', 'bad-json'],
  ])('%j: %s', (text, right) => {
    expect(rightFor(Buffer.from(text))).toBe(right);
  });

  test('however deep it nests', () => {
    const [open, close] = ['['.repeat(100_000), ']'.repeat(100_000)];
    expect(rightFor(Buffer.from(open + close))).toBe('any');
    expect(rightFor(Buffer.from(open))).toBe('bad-json');
  });

  test('bytes that are no UTF-8', () => {
    expect(rightFor(Buffer.from([0x22, 0xff, 0x22]))).toBe('bad-json');
    expect(rightFor(Buffer.from('{}', 'utf16le'))).toBe('bad-json');
  });
});

test('a request has its length unless it is framed otherwise', () => {
  const lines = (bytes: Buffer) => bytes.toString('latin1').split('\r\n');
  expect(lines(request({ body: 'ab' }))).toEqual([
    'POST /echo HTTP/1.1',
    'Host: fuzz.example',
    'Content-Length: 2',
    '',
    'ab',
  ]);
  expect(lines(request({ body: 'ab', framing: [] }))).not.toContain('Content-Length: 2');
});
