import { createServer, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as call } from 'undici';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Front, type FrontState } from '../../src/functions/front/forward.js';

let front: Front;
let states: FrontState[];
let origin: string;

beforeEach(async () => {
  states = [];
  front = new Front((state) => states.push(state));
  origin = `http://127.0.0.1:${await listen(front.server)}`;
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** A version of a function; returns how to stop it. */
async function serve(revision: string, handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  front.turnTo({ revision, host: '127.0.0.1', port: await listen(server) });
  return server;
}

/** Sends bytes as they are; returns all that comes back. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('the front of a function', () => {
  test('says that the function has not started, and then that it does not answer', async () => {
    const before = await call(origin);
    expect([before.statusCode, await before.body.text()]).toEqual([
      503,
      'the function has not started yet\n',
    ]);
    const server = await serve('1', (_request, response) => response.end());
    server.close();
    expect((await call(origin)).statusCode).toBe(502);
  });

  test('passes calls on as they are', async () => {
    await serve('1', async (incoming, response) => {
      const body = await text(incoming);
      const { method, url, rawHeaders } = incoming;
      response.writeHead(418, { 'x-answer': ['a', 'b'] });
      response.end(JSON.stringify({ method, url, rawHeaders, body }));
    });
    const { statusCode, headers, body } = await call(`${origin}/a%2Fb?c=d%20e`, {
      method: 'PUT',
      headers: ['Event-ID', '1', 'X-Two', 'a', 'X-Two', 'b', 'Connection', 'keep-alive'],
      body: 'ümlaut',
    });
    expect([statusCode, headers['x-answer']]).toEqual([418, ['a', 'b']]);
    const seen = (await body.json()) as { rawHeaders: string[] };
    expect(seen).toMatchObject({ method: 'PUT', url: '/a%2Fb?c=d%20e', body: 'ümlaut' });
    expect(seen.rawHeaders.join(' ')).toContain('Event-ID 1 X-Two a X-Two b');
  });

  test.each([
    ['GET', [], undefined],
    ['POST', ['content-length: 0'], '0'],
    ['POST', [], '0'],
  ])('adds no body to a %s of %j', async (method, headers, length) => {
    await serve('1', ({ headers: seen }, response) =>
      response.end(JSON.stringify([seen['content-length'], seen['transfer-encoding']])),
    );
    const head = [`${method} / HTTP/1.1`, 'host: x', ...headers, 'connection: close', '', ''];
    expect(await raw(head.join('\r\n'))).toContain(JSON.stringify([length, undefined]));
  });

  test('streams both ways', async () => {
    await serve('1', (incoming, response) => {
      incoming.on('data', (chunk: Buffer) => response.write(`${chunk}!`));
      incoming.on('end', () => response.end());
    });
    const outgoing = request(origin, { method: 'POST' });
    outgoing.write('one');
    const incoming = await new Promise<NodeJS.ReadableStream>((resolve) =>
      outgoing.on('response', resolve),
    );
    const first = await new Promise<Buffer>((resolve) => incoming.once('data', resolve));
    expect(String(first)).toBe('one!');
    outgoing.end('two');
    expect(await text(incoming)).toBe('two!');
  });

  test('gives back an answer that comes before the whole body was sent', async () => {
    await serve('1', (_incoming, response) => {
      response.writeHead(413).end('too large');
      setTimeout(() => response.socket?.destroy(), 200);
    });
    const outgoing = request(origin, {
      method: 'POST',
      headers: { 'content-length': '100000000' },
    });
    outgoing.on('error', () => {});
    const piece = Buffer.alloc(100_000);
    const more = () => outgoing.write(piece, (error) => !error && more());
    more();
    const incoming = await new Promise<import('node:http').IncomingMessage>((resolve) =>
      outgoing.on('response', resolve),
    );
    expect(incoming.statusCode).toBe(413);
    outgoing.destroy();
  });

  test('lets a large body wait for the word of the function', async () => {
    await serve('1', async (incoming, response) => {
      const body = await text(incoming);
      response.end(`${incoming.headers.expect} ${body.length}`);
    });
    const send = async (size: number) => {
      const { body } = await call(origin, { method: 'POST', body: Buffer.alloc(size) });
      return body.text();
    };
    expect(await send(2 ** 20)).toBe(`undefined ${2 ** 20}`);
    expect(await send(2 ** 21)).toBe(`100-continue ${2 ** 21}`);
  });

  test('breaks off where the function does, and ends a call whose caller has gone', async () => {
    let ended: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await serve('1', (incoming, response) => {
      response.write('half');
      if (incoming.url === '/break') setTimeout(() => response.destroy(), 20);
      else response.on('close', ended);
    });
    const { body } = await call(`${origin}/break`);
    await expect(body.text()).rejects.toThrow();
    const waiting = await call(`${origin}/wait`);
    waiting.body.on('error', () => {}).destroy();
    await gone;
  });
});

describe('another version', () => {
  test('has all calls from its moment on, and no call fails, on kept connections too', async () => {
    const versions = [];
    for (const revision of ['1', '2', '3'])
      versions.push(
        createServer(async (incoming, response) => {
          await text(incoming);
          await sleep(5);
          response.end(revision);
        }),
      );
    const ports = await Promise.all(versions.map(listen));
    const turn = (index: number) =>
      front.turnTo({ revision: `${index + 1}`, host: '127.0.0.1', port: ports[index] as number });
    turn(0);
    const agent = new Agent({ connections: 8 });
    onTestFinished(() => agent.close());
    const seen: string[] = [];
    const load = async () => {
      while (seen.at(-1) !== '3' || seen.length < 100) {
        const { statusCode, body } = await call(origin, {
          dispatcher: agent,
          method: 'POST',
          body: 'x',
        });
        seen.push(statusCode === 200 ? await body.text() : `status ${statusCode}`);
      }
    };
    const loads = Array.from({ length: 8 }, load);
    for (const index of [1, 2]) {
      await sleep(60);
      turn(index);
      await expect.poll(() => front.state.leaving).toBe(0);
      versions[index - 1]?.close();
    }
    await Promise.all(loads);
    expect(new Set(seen)).toEqual(new Set(['1', '2', '3']));
  });

  test('waits for the calls of the one before', async () => {
    let answer: () => void = () => {};
    await serve('1', (_incoming, response) => {
      answer = () => response.end('first');
    });
    const slow = call(origin);
    await expect.poll(() => String(answer)).toContain('first');
    await serve('2', (_incoming, response) => response.end('second'));
    expect(await (await call(origin)).body.text()).toBe('second');
    expect(front.state).toEqual({ revision: '2', leaving: 1, left: ['1'] });
    answer();
    expect(await (await slow).body.text()).toBe('first');
    await expect.poll(() => states.at(-1)).toEqual({ revision: '2', leaving: 0, left: ['1'] });
  });
});
