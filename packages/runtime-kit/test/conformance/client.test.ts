import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answers, equal } from '../../src/conformance/testing/expect.js';
import { fetchFrom, NoAnswer } from '../../src/conformance/testing/http.js';
import { multipart } from '../../src/conformance/testing/multipart.js';
import { RawSocket } from '../../src/conformance/testing/socket.js';

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('fetchFrom', () => {
  test('sends the path as it is given, and keeps header lines apart', async () => {
    const port = await serve((request, response) => {
      response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Url': request.url ?? '' });
      response.end('body');
    });
    const answer = await fetchFrom(`http://127.0.0.1:${port}`, '/a%2Fb/../c?x=%20');
    expect(answer.header('x-url')).toBe('/a%2Fb/../c?x=%20');
    expect(answer.headers.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
    expect([answer.status, answer.text(), answer.truncated]).toEqual([201, 'body', false]);
  });

  test('knows a body that was cut off', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('part');
      setTimeout(() => response.destroy(), 20);
    });
    const answer = await fetchFrom(`http://127.0.0.1:${port}`, '/');
    expect([answer.truncated, answer.text()]).toEqual([true, 'part']);
    expect(() => answers(answer, { status: 200 })).toThrow('the connection broke');
  });

  test('gives up after the limit', async () => {
    const port = await serve(() => {});
    await expect(fetchFrom(`http://127.0.0.1:${port}`, '/slow', { limitMs: 50 })).rejects.toThrow(
      new NoAnswer('GET /slow', 'waited 50 ms', undefined, true),
    );
  });
});

test('a raw socket sends any bytes and sees the connection close', async () => {
  const port = await serve((_, response) => response.end());
  const socket = await RawSocket.open('127.0.0.1', port);
  await socket.write('GARBAGE\r\n\r\n');
  expect(await socket.wait(2000, ({ closed }) => closed)).toMatchObject({
    status: 400,
    closed: true,
  });
});

test('a multipart body can be read by others', async () => {
  const { headers, body } = multipart([
    { field: 'title', content: 'ü' },
    { field: 'file', filename: 'a.bin', type: 'x/y', content: Buffer.from([0, 255]) },
  ]);
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const file = form.get('file') as File;
  expect(form.get('title')).toBe('ü');
  expect([file.name, file.type, new Uint8Array(await file.arrayBuffer())]).toEqual([
    'a.bin',
    'x/y',
    new Uint8Array([0, 255]),
  ]);
});

test('a message says what was expected and what came', () => {
  expect(() => equal({ a: 1 }, { a: 2 }, 'the value')).toThrow(
    'the value: expected {"a":2}, got {"a":1}',
  );
});
