import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/pins/lock.js';
import { type Answer, breaksOff, says, standIn } from './stand-in.js';

const MANIFEST = '{"schemaVersion":2}';
const DIGEST = sha256(MANIFEST);
const ADA = { username: 'ada', password: 'secret' };
const BASIC = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
const found = says(200, { 'docker-content-digest': DIGEST });

describe('what is there', () => {
  test('is told by its digest', async () => {
    const { client, seen } = await standIn(found);
    expect(await client().digestOf('a/toy', '1')).toBe(DIGEST);
    expect(seen).toMatchObject([{ method: 'HEAD', url: '/v2/a/toy/manifests/1' }]);
  });

  test('is told by its text where a registry leaves the digest out', async () => {
    const { client } = await standIn(says(200), says(200, {}, MANIFEST));
    expect(await client().digestOf('a/toy', '1')).toBe(DIGEST);
  });

  test('is undefined where it is not', async () => {
    const { client, seen } = await standIn(says(404));
    expect(await client().digestOf('a/toy', '1')).toBeUndefined();
    expect(await client().manifest('a/toy', '1')).toBeUndefined();
    expect(seen).toHaveLength(2);
  });

  test('is refused where it is not what was asked for', async () => {
    const { client } = await standIn(says(200, {}, 'something else'));
    await expect(client().manifest('a/toy', DIGEST)).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining(`a/toy@${DIGEST}`),
    });
  });
});

describe('what may pass is tried again', () => {
  test.each([
    ['500', says(500)],
    ['503', says(503)],
    ['429', says(429)],
    ['a connection that breaks off', breaksOff],
  ])('%s', async (_, answer) => {
    const { client, seen } = await standIn(answer, answer, found);
    expect(await client().digestOf('a/toy', '1')).toBe(DIGEST);
    expect(seen).toHaveLength(3);
  });

  test('after the time that the registry asks for', async () => {
    const { client } = await standIn(says(429, { 'retry-after': '1' }), found);
    const began = Date.now();
    await client().digestOf('a/toy', '1');
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });

  test('but not where it asks for minutes', async () => {
    const { client, seen } = await standIn(says(429, { 'retry-after': '3600' }));
    await expect(client().digestOf('a/toy', '1')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    });
    expect(seen).toHaveLength(1);
  });

  test('and given up in the end, with an exit code that says so', async () => {
    const { client, seen } = await standIn(says(502));
    await expect(client({}, { retries: 2 }).digestOf('a/toy', '1')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      exitCode: 75,
    });
    expect(seen).toHaveLength(3);
  });
});

describe('what does not pass is asked once', () => {
  test.each([
    [401, 'REGISTRY_DENIED'],
    [403, 'REGISTRY_DENIED'],
    [400, 'REGISTRY_REFUSED'],
  ])('%i', async (status, code) => {
    const { client, seen } = await standIn(
      says(status, {}, '{"errors":[{"code":"X","message":"says why"}]}'),
    );
    const failure = client().manifest('a/toy', '1');
    await expect(failure).rejects.toMatchObject({ code, exitCode: 1 });
    await expect(failure).rejects.toThrow('says why');
    expect(seen).toHaveLength(1);
  });

  test('wrong credentials', async () => {
    const { client, seen } = await standIn(says(401, { 'www-authenticate': 'Basic realm="r"' }));
    await expect(client(ADA).digestOf('a/toy', '1')).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    });
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, BASIC]);
  });
});

describe('a registry with a token service', () => {
  const challenge = (host: string) =>
    says(401, {
      'www-authenticate': `Bearer realm="http://${host}/token",service="toys",scope="repository:a/toy:pull"`,
    });

  async function withTokens(credentials: object, token = says(200, {}, '{"token":"T"}')) {
    let host = '';
    const registry = await standIn((one, response) => challenge(host)(one, response), token, found);
    ({ host } = registry);
    return { ...registry, client: registry.client(credentials) };
  }

  test('gives a token for a password', async () => {
    const { client, seen } = await withTokens(ADA);
    expect(await client.digestOf('a/toy', '1')).toBe(DIGEST);
    const [, asked, again] = seen;
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/token?service=toys&scope=repository%3Aa%2Ftoy%3Apull',
      authorization: BASIC,
    });
    expect(again?.authorization).toBe('Bearer T');
  });

  test('gives a token to anybody', async () => {
    const { client, seen } = await withTokens({});
    expect(await client.digestOf('a/toy', '1')).toBe(DIGEST);
    expect(seen[1]?.authorization).toBeUndefined();
  });

  test('gives a token for an identity token', async () => {
    const { client, seen } = await withTokens(
      { identityToken: 'I' },
      says(200, {}, '{"access_token":"T"}'),
    );
    expect(await client.digestOf('a/toy', '1')).toBe(DIGEST);
    expect(seen[1]).toMatchObject({ method: 'POST', url: '/token', authorization: undefined });
    expect(Object.fromEntries(new URLSearchParams(seen[1]?.body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'I',
      service: 'toys',
    });
  });

  test('is asked for the right to write where something is written', async () => {
    const { client, seen } = await withTokens(ADA);
    await client.putManifest('a/toy', '1', { mediaType: 'x/y', text: MANIFEST });
    expect(seen[1]?.url).toContain('pull%2Cpush');
    expect(seen[2]).toMatchObject({ method: 'PUT', body: MANIFEST });
  });

  test('is not told a password that others could read', async () => {
    const header = { 'www-authenticate': 'Bearer realm="http://tokens.example/token"' };
    const { client, seen } = await standIn(says(401, header));
    await expect(client(ADA).digestOf('a/toy', '1')).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining('http://tokens.example/token'),
    });
    expect(seen).toHaveLength(1);
  });

  test('that denies is named', async () => {
    const { client, host } = await withTokens(ADA, says(401));
    await expect(client.digestOf('a/toy', '1')).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
      message: expect.stringContaining(`token service ${host}`),
    });
  });
});

test('what a registry keeps elsewhere is read there, without the credentials', async () => {
  const elsewhere = await standIn(says(200, {}, MANIFEST));
  const location = `http://${elsewhere.host}/blob`;
  const { client } = await standIn(
    says(401, { 'www-authenticate': 'Basic realm="r"' }),
    says(307, { location }),
  );
  expect(await client(ADA).manifest('a/toy', '1')).toMatchObject({ digest: DIGEST });
  expect(elsewhere.seen).toMatchObject([{ url: '/blob', authorization: undefined }]);
});

test('nobody at the address may pass', async () => {
  const { client } = await standIn(breaksOff);
  await expect(client({}, { retries: 0 }).digestOf('a/toy', '1')).rejects.toMatchObject({
    exitCode: 75,
  });
});

describe('blobs', () => {
  const there = says(200);
  const begun = says(202, { location: '/v2/a/toy/blobs/uploads/7?state=x' });
  const content = { digest: DIGEST, size: MANIFEST.length };
  const sent = () => Readable.from([Buffer.from(MANIFEST)]);

  test('come as they are, from where the registry sends one to', async () => {
    const elsewhere = says(307, { location: '/storage/1' });
    const { client, seen } = await standIn(there, elsewhere, says(200, {}, MANIFEST));
    expect(await text(await client().blob('a/toy', DIGEST))).toBe(MANIFEST);
    expect(seen.map(({ url }) => url)).toEqual([
      `/v2/a/toy/blobs/${DIGEST}`,
      `/v2/a/toy/blobs/${DIGEST}`,
      '/storage/1',
    ]);
  });

  test('that break off in the middle may pass on retry', async () => {
    const half: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': '99' }).write('half');
      setImmediate(() => response.destroy());
    };
    const { client } = await standIn(there, half);
    await expect(client().blob('a/toy', DIGEST).then(text)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining(`a/toy@${DIGEST}: no answer`),
    });
  });

  test('that are gone are refused by their name', async () => {
    const { client } = await standIn(says(404));
    expect(await client().hasBlob('a/toy', DIGEST)).toBe(false);
    await expect(client().blob('a/toy', DIGEST)).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining(`a/toy@${DIGEST}: the registry answers 404`),
    });
  });

  test('go where the registry says', async () => {
    const { client, seen } = await standIn(begun, says(201));
    await client().putBlob('a/toy', content, sent());
    const url = `/v2/a/toy/blobs/uploads/7?state=x&digest=${encodeURIComponent(DIGEST)}`;
    expect(seen[1]).toMatchObject({ method: 'PUT', url, body: MANIFEST });
  });

  test('that the registry does not take are an error with its words', async () => {
    const detail = '{"errors":[{"code":"DIGEST_INVALID","message":"not that digest"}]}';
    const { client } = await standIn(begun, says(400, {}, detail));
    await expect(client().putBlob('a/toy', content, sent())).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringContaining('not that digest'),
    });
  });

  test.each([
    ['taken over', 201, true],
    ['not taken over, where the registry wants an upload instead', 202, false],
  ])('are %s from another repository', async (_, status, taken) => {
    const { client, seen } = await standIn(says(status));
    expect(await client().mountBlob('a/toy', DIGEST, 'a/other')).toBe(taken);
    expect(seen[0]?.url).toBe(
      `/v2/a/toy/blobs/uploads/?mount=${encodeURIComponent(DIGEST)}&from=a%2Fother`,
    );
  });
});
