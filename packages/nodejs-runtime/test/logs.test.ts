import express from 'express';
import { expect, test, vi } from 'vitest';
import { jsonError, plainError } from '../src/error-log.js';
import { clfDate } from '../src/worker/access-line.js';
import { AccessLog } from '../src/worker/access-log.js';
import { LineBatch } from '../src/worker/line-batch.js';
import { serve } from './serve.js';

async function lineOf(format: 'combined' | 'json', headers: Record<string, string>) {
  let text = '';
  const batch = new LineBatch((more) => {
    text += more;
  });
  const app = express();
  app.use(new AccessLog(format, batch).handler());
  app.use((_request, response) => {
    response.status(201).setHeader('Content-Length', 4);
    response.end('done');
  });
  const ask = await serve(app);
  await ask({ method: 'PUT', path: '/a%2Fb?c=d', headers });
  return vi.waitFor(() => {
    expect(text).toMatch(/\n$/);
    return text;
  });
}

test('a line in combined format, whose quotes nobody can end', async () => {
  const line = await lineOf('combined', { referer: 'http://a/', 'user-agent': 'a" 200 1 "\\' });
  const [, date, rest] = /^127\.0\.0\.1 - - \[(.*?)\] (.*)\n$/.exec(line) ?? [];
  expect(date).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  expect(rest).toBe('"PUT /a%2Fb?c=d HTTP/1.1" 201 4 "http://a/" "a\\" 200 1 \\"\\\\"');
});

test('a line in JSON has the keys of the contract, and no query', async () => {
  const line = await lineOf('json', { 'ce-id': '7', traceparent: '00-a-b-01' });
  const { time, durationMs, ...entry } = JSON.parse(line);
  expect(new Date(time).toISOString()).toBe(time);
  expect(durationMs).toBeGreaterThanOrEqual(0);
  expect(entry).toEqual({
    level: 'info',
    method: 'PUT',
    path: '/a%2Fb',
    status: 201,
    bytes: 4,
    eventId: '7',
    traceparent: '00-a-b-01',
    remote: '127.0.0.1',
  });
});

test.each(['combined', 'json'] as const)(
  'a line in %s is never longer than what a pipe takes whole',
  async (format) => {
    const long = 'ü"'.repeat(1000);
    const line = await lineOf(format, {
      referer: Buffer.from(long).toString('latin1'),
      'user-agent': 'a'.repeat(4000),
      'event-id': '7'.repeat(4000),
      traceparent: '8'.repeat(4000),
    });
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(line)).toBeGreaterThan(2048);
    expect(line).toContain('PUT');
    expect(line).toMatch(/(7|a){256}\.\.\."/);
  },
);

test('dates are those of their second', () => {
  expect(clfDate(Date.UTC(2000, 9, 10, 13, 55, 36, 999))).toBe('10/Oct/2000:13:55:36 +0000');
  expect(clfDate(Date.UTC(2000, 9, 10, 13, 55, 37))).toBe('10/Oct/2000:13:55:37 +0000');
});

test('lines of one turn are written together', async () => {
  const writes: string[] = [];
  const batch = new LineBatch((text) => writes.push(text));
  batch.write('a\n');
  batch.write('b\n');
  expect(writes).toEqual([]);
  await new Promise(setImmediate);
  batch.write('c\n');
  batch.flush();
  batch.flush();
  expect(writes).toEqual(['a\nb\n', 'c\n']);
});

test('no write is larger than a pipe takes whole, unless a single line is', () => {
  const writes: string[] = [];
  const batch = new LineBatch((text) => writes.push(text));
  const lines = Array.from({ length: 500 }, (_, index) => `${'ü'.repeat(index % 40)}\n`);
  for (const line of [...lines, `${'x'.repeat(10_000)}\n`]) batch.write(line);
  batch.flush();
  expect(writes.join('')).toBe(`${lines.join('')}${'x'.repeat(10_000)}\n`);
  expect(writes.every((text) => text.endsWith('\n'))).toBe(true);
  const sizes = writes.map((text) => Buffer.byteLength(text));
  expect(sizes.filter((size) => size > 4096)).toEqual([10_001]);
});

test('an error shows its stack and cause, and is one line in JSON', () => {
  const error = new Error('outer', { cause: new Error('inner') });
  expect(plainError(error)).toMatch(/Error: outer\n +at [\s\S]+inner/);
  const line = jsonError(error);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    message: 'outer',
    stack: expect.stringContaining('logs.test.ts'),
  });
  expect(JSON.parse(jsonError({ thrown: 'object' }))).toMatchObject({
    message: "{ thrown: 'object' }",
    stack: null,
  });
});
