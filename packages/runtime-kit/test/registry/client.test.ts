import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/pins/lock.js';
import { breaksOff, says, standIn } from './stand-in.js';

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
