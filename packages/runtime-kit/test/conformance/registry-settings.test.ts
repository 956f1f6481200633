import { expect, test } from 'vitest';
import { registrySettings } from '../../src/conformance/registry/settings.js';

const FACTS = {
  env: {
    TOY_INDEX: '$(REGISTRY_URL)/toys',
    TOY_SECRET: '$(REGISTRY_FILES)/secret',
    TOY: '$(HOME)',
  },
  files: { settings: 'mirror = $(REGISTRY_ADDRESS)' },
  credentials: { secret: '$(REGISTRY_HOST) $(REGISTRY_USER) $(REGISTRY_PASSWORD)' },
  scope: { TOY_SCOPE: 'mine', TOY_INDEX: '$(REGISTRY_URL)/mine' },
};
const ENDPOINT = { port: 4711, user: 'ada', password: 'pass-4711', authority: 'PEM' };

test('fills in where the registry is and who asks; references of others stay', () => {
  expect(registrySettings(FACTS, ENDPOINT)).toEqual({
    env: {
      TOY_INDEX: 'https://packages.test:4711/toys',
      TOY_SECRET: '/run/private-registry/secret',
      TOY: '$(HOME)',
      SSL_CERT_FILE: '/run/private-registry/authority.crt',
    },
    files: {
      settings: 'mirror = packages.test:4711',
      secret: 'packages.test ada pass-4711',
      'authority.crt': 'PEM',
    },
  });
});

test('without credentials only their files are missing', () => {
  const all = registrySettings(FACTS, ENDPOINT);
  const { env, files } = registrySettings(FACTS, ENDPOINT, { credentials: false });
  expect(env).toEqual(all.env);
  expect(Object.keys(files)).toEqual(['settings', 'authority.crt']);
});

test('without the authority nothing names it', () => {
  const { env, files } = registrySettings(FACTS, ENDPOINT, { authority: false });
  expect(env).not.toHaveProperty('SSL_CERT_FILE');
  expect(files).not.toHaveProperty(['authority.crt']);
});

test('the settings of a scope come beside the others and before them', () => {
  const { env } = registrySettings(FACTS, ENDPOINT, { scope: true });
  expect(env).toMatchObject({
    TOY_SCOPE: 'mine',
    TOY_INDEX: 'https://packages.test:4711/mine',
    TOY_SECRET: '/run/private-registry/secret',
  });
});
