import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { answer } from '../src/worker/answer.js';
import { serve } from './serve.js';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

async function* parts() {
  yield 'a';
  yield Buffer.from('b');
}

test.each([
  ['a string', 'ü', TEXT, 'ü'],
  ['an object', { a: [1] }, 'application/json', '{"a":[1]}'],
  ['what has a toJSON', new Date(0), 'application/json', '"1970-01-01T00:00:00.000Z"'],
  ['false', false, 'application/json', 'false'],
  ['a Buffer', Buffer.from('x'), BYTES, 'x'],
  ['part of a buffer', new Uint8Array([65, 66, 67]).subarray(1, 2), BYTES, 'B'],
  ['an ArrayBuffer', new Uint8Array([65]).buffer, BYTES, 'A'],
  ['nothing', undefined, undefined, ''],
  ['null', null, undefined, ''],
  ['a stream', Readable.from(['a', 'b']), BYTES, 'ab'],
  ['an asynchronous generator', parts(), BYTES, 'ab'],
  ["the web's stream", new Blob(['ab']).stream(), BYTES, 'ab'],
])('%s has the type that suits it', async (_what, value, type, body) => {
  const ask = await serve((_request, response) => void answer(response, value));
  const got = await ask();
  expect([got.status, got.headers['content-type'], got.body.toString()]).toEqual([200, type, body]);
});

test('what the function set stays', async () => {
  const ask = await serve((_request, response) => {
    response.statusCode = 201;
    response.setHeader('Content-Type', 'text/csv');
    answer(response, 'a,b');
  });
  const { status, headers, body } = await ask();
  expect([status, headers['content-type'], body.toString()]).toEqual([201, 'text/csv', 'a,b']);
});

test('an answer that the function gave itself is left alone, and awaited', async () => {
  const settled: unknown[] = [];
  const ask = await serve((_request, response) => {
    response.write('own');
    const end = answer(response, undefined);
    end?.then(() => settled.push('first'));
    setImmediate(() => {
      settled.push('ending');
      response.end();
    });
  });
  expect((await ask()).body.toString()).toBe('own');
  expect(settled[0]).toBe('ending');
});

test('a response that is piped into is not ended', async () => {
  const ask = await serve((_request, response) => {
    Readable.from(['late']).pipe(response);
    answer(response, undefined);
  });
  expect((await ask()).body.toString()).toBe('late');
});

test('a 204 has no length', async () => {
  const ask = await serve((_request, response) => {
    response.statusCode = 204;
    answer(response, undefined);
  });
  expect((await ask()).headers).not.toHaveProperty('content-length');
});

test('the error of a stream is the error of the answer', async () => {
  let failure: Promise<void> | undefined;
  const ask = await serve((_request, response) => {
    const stream = new Readable({ read: () => stream.destroy(new Error('broken')) });
    failure = answer(response, stream)?.catch((error) => {
      response.destroy();
      throw error;
    });
    failure?.catch(() => {});
  });
  await expect(ask()).rejects.toThrow();
  await expect(failure).rejects.toThrow('broken');
});

test.each([
  ['a function', () => {}],
  ['a symbol', Symbol('s')],
  ['a big integer', 1n],
])('%s is no answer', (_what, value) => {
  // Thrown before anything is written, so the response does not matter.
  const response = { headersSent: false } as never;
  expect(() => answer(response, value)).toThrow(TypeError);
});
