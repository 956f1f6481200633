import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Client } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import type { Kind, Limits } from '../../src/soak/call.js';
import { mixedKinds } from '../../src/soak/kinds/index.js';
import { Random } from '../../src/soak/random.js';
import { outcomeOf } from '../../src/soak/traffic.js';

const LIMITS: Limits = { timeoutMs: 200, bodyBytes: 2 ** 20 };

type Reply = { status?: number; type?: string; body: string | Buffer };

/** A server that answers whatever it is told to, and a connection to it. */
async function clientOf(reply: (request: IncomingMessage, body: Buffer) => Reply | 'close') {
  const server = createServer(async (request, response) => {
    const answer = reply(request, await buffer(request));
    if (answer === 'close') return void request.socket.destroy();
    const { status = 200, type = 'text/plain; charset=utf-8', body } = answer;
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

function callOf(name: string, id: string) {
  const kind = mixedKinds.find((one) => one.name === name) as Kind;
  return { kind: name, ...kind.make({ id, random: new Random(1), limits: LIMITS }) };
}

test('every kind has a name of its own and can be made', () => {
  const random = new Random(1);
  const names = mixedKinds.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { make } of mixedKinds)
    expect(make({ id: 'c1-1', random, limits: LIMITS }).path).toMatch(/^\//);
});

test.each(['text', 'bytes', 'huge'])(
  '%s: the echo is right, one byte less is not',
  async (name) => {
    let cut = 0;
    const client = await clientOf((request, body) => ({
      type: request.headers['content-type'] ?? '',
      body: body.subarray(cut),
    }));
    expect(await outcomeOf(client, callOf(name, 'c1-1'), LIMITS)).toMatchObject({
      status: 200,
      problem: undefined,
    });
    cut = 1;
    const { problem } = await outcomeOf(client, callOf(name, 'c1-1'), LIMITS);
    expect(problem).toBeDefined();
  },
);

test("another call's answer is wrong", async () => {
  const client = await clientOf(() => ({ body: 'c9-9' }));
  const { problem } = await outcomeOf(client, callOf('id', 'c1-1'), LIMITS);
  expect(problem).toContain('expected "c1-1", got "c9-9"');
});

test('JSON is compared by its value', async () => {
  const client = await clientOf((_request, body) => ({
    type: 'application/json',
    body: JSON.stringify(JSON.parse(body.toString()), null, 2),
  }));
  const { problem } = await outcomeOf(client, callOf('json', 'c1-1'), LIMITS);
  expect(problem).toBeUndefined();
});

test('a refusal must have its own status', async () => {
  const client = await clientOf(() => ({ status: 500, body: 'Internal Server Error' }));
  const { problem } = await outcomeOf(client, callOf('bad json', 'c1-1'), LIMITS);
  expect(problem).toContain('expected status 400, got 500');
});

test('408 before the timeout is wrong', async () => {
  const client = await clientOf(() => ({ status: 408, body: 'Request timeout exceeded' }));
  const { problem } = await outcomeOf(client, callOf('late', 'c1-1'), LIMITS);
  expect(problem).toContain('before FUNC_TIMEOUT');
});

test('a closed connection is a problem, but for what may break', async () => {
  const client = await clientOf(() => 'close');
  const closed = await outcomeOf(client, callOf('id', 'c1-1'), LIMITS);
  expect(closed).toMatchObject({ hung: false, problem: expect.stringContaining('no answer') });
  expect(closed.status).toBeUndefined();
  expect(await outcomeOf(client, callOf('broken stream', 'c1-1'), LIMITS)).toMatchObject({
    problem: undefined,
  });
});

test('a stream that fails must not come as if it were whole', async () => {
  const client = await clientOf(() => ({ body: 'chunk-0\n' }));
  const { problem } = await outcomeOf(client, callOf('broken stream', 'c1-1'), LIMITS);
  expect(problem).toContain('as if it were whole');
});
