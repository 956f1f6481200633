import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import type { Handler } from '../src/api.js';
import { readConfig } from '../src/config.js';
import { COUNTS_BYTES, readCounts } from '../src/counts.js';
import { AccessLog } from '../src/worker/access-log.js';
import { createApp } from '../src/worker/app.js';
import { CallCounts } from '../src/worker/call-counts.js';
import { Caller } from '../src/worker/caller.js';
import { LineBatch } from '../src/worker/line-batch.js';
import { serve } from './serve.js';

const MEBIBYTE = 2 ** 20;

/** A worker's application around a function, and what it logs and counts. */
async function start(
  handler: Handler,
  env: Record<string, string> = {},
  metricsPage = async () => ({ contentType: 'text/plain', text: 'the page' }),
) {
  const config = readConfig({ MOD_NAME: 'function', FUNC_HANDLER: 'handler', ...env });
  const errors: unknown[] = [];
  const logError = (error: unknown) => errors.push(error);
  let lines = '';
  const file = new Uint8Array(COUNTS_BYTES);
  const counts = new CallCounts((bytes, position) => file.set(bytes, position));
  const { context, timeoutMs } = config;
  const caller = new Caller({ context, timeoutMs, counts, logError });
  let draining = false;
  const { listener, ...messages } = createApp(config, {
    handler,
    caller,
    accessLog: new AccessLog(
      config.logFormat,
      new LineBatch((text) => {
        lines += text;
      }),
    ),
    logError,
    isDraining: () => draining,
    metricsPage,
  });
  const ask = await serve(listener, messages);
  return {
    ask,
    caller,
    errors,
    lines: () => lines,
    drain: () => {
      draining = true;
    },
    counted: () => readCounts(file),
  };
}

const echo: Handler = (event) => event.data;

test('metrics that cannot be had are an error of the server, and said', async () => {
  const failure = new Error('the supervisor is gone');
  const { ask, errors } = await start(echo, {}, () => Promise.reject(failure));
  expect(await ask({ path: '/metrics' })).toMatchObject({ status: 500 });
  expect(errors).toEqual([failure]);
});

test.each([
  ['application/json', '{"a":[1,null]}', 'application/json', '{"a":[1,null]}'],
  ['application/problem+json; charset=utf-8', '"ü😀"', 'text/plain; charset=utf-8', 'ü😀'],
  ['text/plain; charset=iso-8859-15', Buffer.from([0xa4]), 'text/plain; charset=utf-8', '€'],
  ['application/x-www-form-urlencoded', 'a=b', 'text/plain; charset=utf-8', 'a=b'],
  ['image/png', Buffer.from([0, 255]), 'application/octet-stream', Buffer.from([0, 255])],
])('a body of type %s comes back as what it is', async (type, body, answerType, answer) => {
  const { ask } = await start(echo);
  const { status, headers, body: got } = await ask({ body, headers: { 'content-type': type } });
  expect([status, headers['content-type']]).toEqual([200, answerType]);
  expect(got).toEqual(Buffer.from(answer as string));
});

test('without a body data is undefined, and so it is for multipart, which stays unread', async () => {
  const { ask } = await start(async ({ data, extensions: { request } }) => {
    const chunks = await request.toArray();
    return [typeof data, Buffer.concat(chunks).toString()];
  });
  expect((await ask({ method: 'POST' })).body.toString()).toBe('["undefined",""]');
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  for (const chunked of [false, true])
    expect((await ask({ body: '--x--', headers: multipart, chunked })).body.toString()).toBe(
      '["undefined","--x--"]',
    );
});

test('headers of Kubeless go before those of CloudEvents', async () => {
  const { ask } = await start((event) => [
    event['event-id'],
    event['event-type'],
    event['event-namespace'],
    event.extensions.cloudevent,
  ]);
  const { body } = await ask({
    headers: { 'event-id': 'own', 'ce-id': '1', 'ce-type': 't', 'ce-source': '/gr%C3%BCn' },
  });
  expect(JSON.parse(body.toString())).toEqual([
    'own',
    't',
    '/grün',
    { id: '1', type: 't', source: '/grün' },
  ]);
});

test('the body of a compressed request is decompressed, and its limit is that of the content', async () => {
  const { ask } = await start(echo);
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
  expect((await ask({ body: gzipSync('packed'), headers })).body.toString()).toBe('packed');
  const bomb = gzipSync(Buffer.alloc(2 * MEBIBYTE));
  expect(bomb.length).toBeLessThan(MEBIBYTE);
  expect((await ask({ body: bomb, headers })).status).toBe(413);
  expect((await ask({ body: 'not gzip', headers })).status).toBe(400);
  expect((await ask({ body: 'x', headers: { 'content-encoding': 'zip' } })).status).toBe(415);
});

test.each([false, true])('a body over its limit is refused, chunked: %s', async (chunked) => {
  const handler = vi.fn(echo);
  const { ask, counted } = await start(handler, { REQ_MULTIPART_MB_LIMIT: '2' });
  const refusals = [
    ['text/plain', MEBIBYTE, 'Request body exceeds REQ_MB_LIMIT=1 MiB'],
    [
      'multipart/form-data; boundary=x',
      2 * MEBIBYTE,
      'Request body exceeds REQ_MULTIPART_MB_LIMIT=2 MiB',
    ],
  ] as const;
  for (const [type, limit, text] of refusals) {
    const body = Buffer.alloc(limit + 1, 'x');
    const answer = await ask({ body, headers: { 'content-type': type }, chunked });
    expect([answer.status, answer.body.toString()]).toEqual([413, text]);
  }
  expect(handler).not.toHaveBeenCalled();
  expect(counted()).toEqual({});
  const headers = { 'content-type': 'text/plain' };
  const full = await ask({ body: Buffer.alloc(MEBIBYTE, 'x'), headers, chunked });
  expect(full.status).toBe(200);
});

test('a client that reads no answer before it has sent its whole body gets the refusal', async () => {
  const { ask, lines } = await start(echo);
  const socket = connect(ask.port, '127.0.0.1').pause();
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${4 * MEBIBYTE}\r\n\r\n`);
  for (let sent = 0; sent < 4; sent++) {
    await sleep(50);
    await new Promise((resolve) => socket.write(Buffer.alloc(MEBIBYTE, 'x'), resolve));
  }
  const answer = await text(socket.resume());
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n.*REQ_MB_LIMIT=1 MiB$/s);
  await expect.poll(lines).toMatch(/"POST \/ HTTP\/1.1" 413 /);
});

test('a client that goes on sending behind a refusal sees the end at once, and is cut off later', async () => {
  const { ask } = await start(echo);
  const socket = connect({ port: ask.port, host: '127.0.0.1', allowHalfOpen: true });
  let answer = '';
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      answer += bytes;
    });
  const headers = 'Host: x\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n';
  socket.write(`POST / HTTP/1.1\r\n${headers}\r\n`);
  const piece = `10000\r\n${'x'.repeat(2 ** 16)}\r\n`;
  const sending = setInterval(() => socket.write(piece), 10);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'end');
  const endedAt = performance.now();
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  await closed;
  clearInterval(sending);
  expect(performance.now() - endedAt).toBeGreaterThan(1500);
});

test('a refusal comes behind the answers before it, and to a HEAD without its text', async () => {
  const { ask } = await start(() => sleep(100, 'slow'));
  const exchange = (requests: string) => {
    const socket = connect(ask.port, '127.0.0.1');
    socket.write(requests);
    return text(socket);
  };
  const tooLong = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 * MEBIBYTE}\r\n\r\n`;
  const answers = await exchange(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${tooLong}`);
  expect(answers).toMatch(/^HTTP\/1\.1 200 .*slowHTTP\/1\.1 413 .*=1 MiB$/s);
  expect(await exchange('HEAD / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 .*\r\n\r\n$/s,
  );
});

test('malformed JSON is answered with a reason and counts as no call', async () => {
  const handler = vi.fn(echo);
  const { ask, counted } = await start(handler);
  const headers = { 'content-type': 'application/json' };
  const { status, body } = await ask({ body: '{"a":', headers });
  expect(status).toBe(400);
  expect(body.toString()).toMatch(/^Malformed JSON: \S/);
  expect(handler).not.toHaveBeenCalled();
  expect(counted()).toEqual({});
});

test('an error leaks nothing, counts as a failure, and takes half-set content headers along', async () => {
  const { ask, errors, counted } = await start(({ extensions }) => {
    extensions.response.setHeader('Content-Type', 'text/csv');
    throw new Error('secret-4711');
  });
  const { status, headers, body } = await ask();
  expect([status, headers['content-type'], body.toString()]).toEqual([
    500,
    'text/plain; charset=utf-8',
    'Internal Server Error',
  ]);
  expect(errors).toEqual([new Error('secret-4711')]);
  expect(counted().GET).toMatchObject({ calls: 1, failures: 1, timeouts: 0 });
});

type Thrown = { message: string; headers?: Record<string, string>; [key: string]: unknown };

test.each<[Thrown, number, string, number]>([
  [{ status: 418, expose: true, message: 'teapot' }, 418, 'teapot', 0],
  [{ statusCode: 404, message: 'secret' }, 404, 'Not Found', 1],
  [{ status: 503, expose: true, message: 'busy', headers: { 'Retry-After': '7' } }, 503, 'busy', 1],
  [{ status: 200, message: 'no error status' }, 500, 'Internal Server Error', 1],
])('of the error %j the caller learns %i %s', async (error, status, text, logged) => {
  const { ask, errors } = await start(() => Promise.reject(error));
  const answer = await ask();
  expect([answer.status, answer.body.toString(), errors.length]).toEqual([status, text, logged]);
  expect(answer.headers['retry-after']).toBe(error.headers?.['Retry-After']);
});

test('a call that waits too long is told so, answered with 408, and what it does then has no effect', async () => {
  const reasons: string[] = [];
  let finish = () => {};
  const late = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { ask, errors, counted } = await start(
    async ({ extensions: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push(signal.reason.name);
      finish();
      throw new Error('too late');
    },
    { FUNC_TIMEOUT: '0.1' },
  );
  const { status, headers, body } = await ask();
  expect([status, body.toString()]).toEqual([408, 'Request timeout exceeded']);
  expect(headers.connection).toBe('close');
  await late;
  await vi.waitFor(() => expect(errors).toHaveLength(2));
  expect(errors).toEqual(['runtime-kit: GET / ran past FUNC_TIMEOUT=0.1 s', new Error('too late')]);
  expect(reasons).toEqual(['TimeoutError']);
  expect(counted().GET).toMatchObject({ calls: 1, failures: 1, timeouts: 1, open: 0 });
});

test('only a request that asks for a method is a preflight', async () => {
  const handler = vi.fn(echo);
  const { ask, counted } = await start(handler, { CORS_ORIGIN: 'https://a.example' });
  const preflight = await ask({
    method: 'OPTIONS',
    headers: {
      origin: 'https://a.example',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'x-own',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-methods': expect.stringContaining('PUT'),
    'access-control-allow-headers': 'x-own',
  });
  expect(handler).not.toHaveBeenCalled();
  const plain = await ask({ method: 'OPTIONS' });
  expect(plain.headers).toMatchObject({
    'access-control-allow-origin': 'https://a.example',
    vary: 'Origin',
  });
  expect(handler).toHaveBeenCalledOnce();
  expect(Object.keys(counted())).toEqual(['OPTIONS']);
});

test('CORS_ORIGIN=off leaves its headers out', async () => {
  const { ask } = await start(echo, { CORS_ORIGIN: 'off' });
  expect((await ask()).headers).not.toHaveProperty('access-control-allow-origin');
});

test('probes and metrics are neither logged nor counted, and /healthz says when the server drains', async () => {
  const { ask, lines, counted, drain } = await start(echo);
  expect((await ask({ path: '/healthz' })).body.toString()).toBe('OK');
  expect((await ask({ path: '/metrics' })).body.toString()).toBe('the page');
  drain();
  const { status, body } = await ask({ path: '/healthz' });
  expect([status, body.toString()]).toEqual([503, 'Draining']);
  expect(counted()).toEqual({});
  await ask({ path: '/healthz/' });
  await vi.waitFor(() => expect(lines()).toMatch(/^127\.0\.0\.1 .*"GET \/healthz\/ HTTP/));
  expect(counted().GET).toMatchObject({ calls: 1 });
});

test('calls that run when the process ends get their 500', async () => {
  let end = () => {};
  const { ask, caller, errors } = await start(() => {
    setImmediate(() => end());
    return new Promise(() => {});
  });
  const reason = new Error('the function ended its process');
  end = () => caller.failAll(reason);
  expect((await ask()).status).toBe(500);
  expect(errors).toEqual([reason]);
});

test('once the server ends, every answer closes its connection', async () => {
  let whileItRuns = () => {};
  const { ask, caller } = await start(async () => whileItRuns());
  const headers = { connection: 'keep-alive' };
  expect((await ask({ headers })).headers.connection).toBe('keep-alive');
  whileItRuns = () => caller.closeConnections();
  expect((await ask({ headers })).headers.connection).toBe('close');
  whileItRuns = () => {};
  expect((await ask({ headers })).headers.connection).toBe('close');
});

test('probes can only be read', async () => {
  const { ask, lines } = await start(echo);
  for (const path of ['/healthz', '/metrics']) {
    expect((await ask({ path, method: 'HEAD' })).status).toBe(200);
    for (const method of ['POST', 'DELETE', 'OPTIONS']) {
      const { status, headers, body } = await ask({ path, method });
      expect([status, headers.allow, body.toString()]).toEqual([
        405,
        'GET, HEAD',
        'Method Not Allowed',
      ]);
    }
  }
  expect(lines()).toBe('');
});

test('a method that is none of the usual ones is counted as OTHER', async () => {
  const { ask, counted } = await start(echo);
  for (const method of ['PROPFIND', 'TRACE', 'PATCH']) await ask({ method });
  const { OTHER, PATCH, ...others } = counted();
  expect([OTHER?.calls, PATCH?.calls, others]).toEqual([2, 1, {}]);
});

test('an error that carries a status is a failure', async () => {
  const { ask, counted } = await start(() => {
    throw Object.assign(new Error('teapot'), { status: 418, expose: true });
  });
  expect((await ask()).status).toBe(418);
  expect(counted().GET?.failures).toBe(1);
});

test.each<[string, Handler]>([
  ['a returned string', () => 'done'],
  ['a returned stream', () => Readable.from(['do', 'ne'])],
  [
    'a response that the function ends itself',
    ({ extensions }) => void extensions.response.end('done'),
  ],
  ['an error', () => Promise.reject(new Error('done'))],
])('by the time the end of %s leaves, the call is counted', async (_what, handler) => {
  const { ask, counted } = await start((event, context) => {
    const { socket } = event.extensions.request;
    const { write } = socket;
    socket.write = ((...args: Parameters<typeof write>) => {
      seen.push(counted().GET?.open);
      return write.apply(socket, args);
    }) as typeof write;
    return handler(event, context);
  });
  const seen: unknown[] = [];
  await ask();
  expect(seen.at(-1)).toBe(0);
  const failures = handler.toString().includes('reject') ? 1 : 0;
  expect(counted().GET).toMatchObject({ calls: 1, failures, open: 0 });
});

test('a call that fails or runs past its time after its answer counts once, and as a failure', async () => {
  const { ask, counted } = await start(
    async ({ extensions: { request, response } }) => {
      response.end('done');
      if (request.path === '/fail') throw new Error('too late');
      await new Promise(() => {});
    },
    { FUNC_TIMEOUT: '0.1' },
  );
  expect((await ask({ path: '/fail' })).body.toString()).toBe('done');
  await vi.waitFor(() => expect(counted().GET).toMatchObject({ calls: 1, failures: 1 }));
  await ask();
  await vi.waitFor(() =>
    expect(counted().GET).toMatchObject({ calls: 2, failures: 2, timeouts: 1, open: 0 }),
  );
});

test('requests and responses are the application’s from the start, so that Express changes none', async () => {
  const { ask } = await start((event) => event.extensions.request.get('x-name'));
  const changed = vi.fn<(object: object, prototype: object | null) => void>();
  const set = vi.spyOn(Object, 'setPrototypeOf').mockImplementation((object, prototype) => {
    if (Object.getPrototypeOf(object) !== prototype) changed(object, prototype);
    return object;
  });
  const answer = await ask({ headers: { 'x-name': 'Ada' } });
  set.mockRestore();
  expect(answer.body.toString()).toBe('Ada');
  expect(changed).not.toHaveBeenCalled();
});
