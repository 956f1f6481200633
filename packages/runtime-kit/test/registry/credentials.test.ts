import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { credentialsFor } from '../../src/registry/index.js';
import { folderOf } from '../support/toy.js';

const HOST = 'registry.example:5000';
const AUTH = Buffer.from('ada:a:secret').toString('base64');
const ADA = { username: 'ada', password: 'a:secret' };

async function ask(config: unknown, env: Record<string, string> = {}) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  const DOCKER_CONFIG = await folderOf({ 'config.json': text });
  return credentialsFor(HOST, { ...process.env, DOCKER_CONFIG, ...env });
}

describe('the file', () => {
  test.each([
    ['by the host', { auths: { [HOST]: { auth: AUTH } } }, ADA],
    ['by an address of old', { auths: { [`https://${HOST}/v1/`]: { auth: AUTH } } }, ADA],
    ['in two fields', { auths: { [HOST]: ADA } }, ADA],
    ['as an identity token', { auths: { [HOST]: { identitytoken: 'T' } } }, { identityToken: 'T' }],
    ['as a registry token', { auths: { [HOST]: { registrytoken: 'T' } } }, { registryToken: 'T' }],
    ['not for another port', { auths: { 'registry.example': { auth: AUTH } } }, {}],
    ['not for a longer name', { auths: { [`my.${HOST}`]: { auth: AUTH } } }, {}],
    ['beside what is not ours', { HttpHeaders: { 'User-Agent': 'x' }, proxies: {} }, {}],
  ])('is read %s', async (_, config, expected) => {
    expect(await ask(config)).toEqual(expected);
  });

  test('need not be there', async () => {
    expect(await credentialsFor(HOST, { DOCKER_CONFIG: await folderOf({}) })).toEqual({});
  });

  test.each([
    ['no JSON', '{'],
    ['of another shape', { auths: [] }],
    ['without a password', { auths: { [HOST]: { auth: 'YWRh' } } }],
  ])('that is %s is named', async (_, config) => {
    await expect(ask(config)).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
      message: expect.stringContaining('config.json'),
    });
  });
});

describe('a helper', () => {
  /** An executable docker-credential-toy on the PATH. */
  async function helper(lines: string): Promise<Record<string, string>> {
    const folder = await folderOf({ 'docker-credential-toy': `#!/bin/sh\n${lines}\n` });
    await chmod(join(folder, 'docker-credential-toy'), 0o755);
    return { PATH: `${folder}:${process.env.PATH}` };
  }

  const echo = `read -r server; echo '{"ServerURL":"'"$server"'","Username":"'"$1 $server"'","Secret":"s"}'`;

  test.each([
    ['of one registry', { credHelpers: { [HOST]: 'toy' }, credsStore: 'none' }],
    ['of all', { credsStore: 'toy', auths: { [HOST]: {} } }],
  ])('%s is asked on its stdin', async (_, config) => {
    const found = await ask(config, await helper(echo));
    expect(found).toEqual({ username: `get ${HOST}`, password: 's' });
  });

  test('may know an identity token', async () => {
    const env = await helper(`echo '{"Username":"<token>","Secret":"T"}'`);
    expect(await ask({ credsStore: 'toy' }, env)).toEqual({ identityToken: 'T' });
  });

  test('may know nothing', async () => {
    const env = await helper('echo credentials not found in native keychain; exit 1');
    expect(await ask({ credsStore: 'toy' }, env)).toEqual({});
  });

  test.each([
    ['fails', 'echo very secret; exit 3', 'it ended with 3'],
    ['answers something else', 'echo very secret', 'its answer has no Username and Secret'],
  ])('that %s is named, and not quoted', async (_, lines, reason) => {
    const failure = await ask({ credsStore: 'toy' }, await helper(lines)).catch((error) => error);
    expect(failure.code).toBe('CREDENTIALS_UNREADABLE');
    expect(failure.message).toContain(`docker-credential-toy: ${reason}`);
    expect(JSON.stringify([failure.message, String(failure.cause)])).not.toContain('very secret');
  });

  test('that is not installed is named', async () => {
    await expect(ask({ credsStore: 'missing' })).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
      message: expect.stringContaining('docker-credential-missing'),
    });
  });
});
