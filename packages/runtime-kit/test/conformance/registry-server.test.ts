import { once } from 'node:events';
import { connect } from 'node:tls';
import { Agent, request } from 'undici';
import { afterAll, describe, expect, test } from 'vitest';
import { certifyServer } from '../../src/conformance/registry/certificates.js';
import { RegistryServer } from '../../src/conformance/registry/server.js';

const HOST = 'packages.test';
const certificate = await certifyServer(HOST);
const server = await RegistryServer.listen('127.0.0.1', certificate);
const dispatcher = new Agent({ connect: { ca: certificate.authority, servername: HOST } });

server.admit('ada', 'secret');
server.serve(
  new Map([
    ['toys/ball.zip', Buffer.from([0, 255])],
    ['toys/index.html', Buffer.from('<a>')],
    ['@mine/toy', Buffer.from('scoped')],
    ['public/toy', Buffer.from('for everybody')],
  ]),
);

afterAll(async () => {
  await dispatcher.close();
  await server.close();
});

const BASIC = `Basic ${Buffer.from('ada:secret').toString('base64')}`;

async function ask(path: string, authorization?: string) {
  const { statusCode, headers, body } = await request(`https://127.0.0.1:${server.port}${path}`, {
    dispatcher,
    ...(authorization === undefined ? {} : { headers: { authorization } }),
  });
  return { status: statusCode, headers, body: Buffer.from(await body.arrayBuffer()) };
}

describe('the registry', () => {
  test('gives files to those with credentials, byte for byte', async () => {
    for (const authorization of [BASIC, 'Bearer secret']) {
      const { status, body } = await ask('/toys/ball.zip', authorization);
      expect([status, [...body]]).toEqual([200, [0, 255]]);
    }
  });

  test('asks for credentials where there are none, or wrong ones', async () => {
    for (const authorization of [undefined, 'Bearer guess', 'Basic secret']) {
      const { status, headers } = await ask('/toys/ball.zip', authorization);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Basic /);
    }
  });

  test('gives what is public to everybody', async () => {
    expect((await ask('/public/toy')).body.toString()).toBe('for everybody');
  });

  test('answers for a folder with its index, as a page', async () => {
    const { status, headers } = await ask('/toys/', BASIC);
    expect([status, headers['content-type']]).toEqual([200, 'text/html']);
  });

  test('takes a name with an encoded slash for the same file', async () => {
    expect((await ask('/@mine%2ftoy', BASIC)).body.toString()).toBe('scoped');
  });

  test('has nothing else, and does not stumble over what is no path', async () => {
    for (const path of ['/toys', '/toys/../../etc/passwd', '/%zz'])
      expect((await ask(path, BASIC)).status, path).toBe(404);
  });

  test('remembers who asked for what', async () => {
    const before = server.requests.length;
    await ask('/toys/ball.zip?version=1', BASIC);
    await ask('/toys/doll.zip');
    expect(server.requests.slice(before)).toEqual([
      { method: 'GET', path: '/toys/ball.zip', user: 'ada', status: 200 },
      { method: 'GET', path: '/toys/doll.zip', user: undefined, status: 401 },
    ]);
  });
});

describe('its certificate', () => {
  const handshake = async (options: { ca?: string; servername: string }) => {
    const socket = connect({ host: '127.0.0.1', port: server.port, ...options });
    try {
      await once(socket, 'secureConnect');
    } finally {
      socket.destroy();
    }
  };

  test('is for its name, by its authority', async () => {
    const ca = certificate.authority;
    await handshake({ ca, servername: HOST });
    await expect(handshake({ ca, servername: 'other.test' })).rejects.toThrow(/other\.test/);
  });

  test('is not trusted without that authority, or by another of the same make', async () => {
    await expect(handshake({ servername: HOST })).rejects.toThrow(/certificate/);
    const ca = (await certifyServer(HOST)).authority;
    await expect(handshake({ ca, servername: HOST })).rejects.toThrow(/certificate/);
  });
});
