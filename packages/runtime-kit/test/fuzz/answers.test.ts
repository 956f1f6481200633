import { expect, test } from 'vitest';
import { readAnswers } from '../../src/fuzz/answers.js';

const answer = (status: number, body: string) =>
  `HTTP/1.1 ${status} Some\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const seen = (text: string) => {
  const { answers, garbage } = readAnswers(text);
  return [...answers.map(({ status, body }) => [status, body]), ...(garbage ? [garbage] : [])];
};

test('several answers stand behind each other', () => {
  expect(seen(answer(200, 'one') + answer(400, 'two'))).toEqual([
    [200, 'one'],
    [400, 'two'],
  ]);
});

test('a body may come in chunks, have no length, or not be there', () => {
  const chunked =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
  expect(seen(chunked + answer(200, 'x'))).toEqual([
    [200, 'abcde'],
    [200, 'x'],
  ]);
  expect(seen('HTTP/1.0 200 OK\r\n\r\nto the end')).toEqual([[200, 'to the end']]);
  expect(seen(`HTTP/1.1 204 No Content\r\n\r\n${answer(200, 'x')}`)).toEqual([
    [204, ''],
    [200, 'x'],
  ]);
});

test('an interim answer is none', () => {
  expect(seen(`HTTP/1.1 100 Continue\r\n\r\n${answer(200, 'x')}`)).toEqual([[200, 'x']]);
});

test('what is not complete is known to be so', () => {
  const whole = answer(200, 'body');
  for (let length = 0; length < whole.length; length++) {
    const { answers, garbage } = readAnswers(whole.slice(0, length));
    expect(garbage).toBe('');
    expect(answers.every(({ incomplete }) => incomplete)).toBe(true);
  }
  expect(readAnswers(whole).answers[0]?.incomplete).toBe(false);
});

test('what is no HTTP is garbage', () => {
  expect(seen('<html>')).toEqual(['<html>']);
  expect(seen(`${answer(200, 'x')}Traceback`)).toEqual([[200, 'x'], 'Traceback']);
});
