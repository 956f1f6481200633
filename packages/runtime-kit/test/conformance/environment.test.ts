import { describe, expect, test } from 'vitest';
import {
  ownEnvironment,
  phaseEnvironment,
  serverEnvironment,
} from '../../src/conformance/targets/environment.js';
import { toyFacts } from './toy-facts.js';

describe('serverEnvironment', () => {
  test('holds what the platform sets, and the manifest with its references filled in', () => {
    const runtime = toyFacts({ env: { TOY_PATH: '$(KUBELESS_INSTALL_VOLUME)/lib:$(NOT_SET)' } });
    expect(serverEnvironment(runtime, '/kubeless', { FUNC_PORT: '1' }, {})).toMatchObject({
      MOD_NAME: 'function',
      FUNC_HANDLER: 'handler',
      FUNC_PORT: '1',
      KUBELESS_DEPS_FILE: '/kubeless/toys.txt',
      TOY_PATH: '/kubeless/lib:$(NOT_SET)',
    });
  });

  test('lets a case change a value and take one away', () => {
    const env = { MOD_NAME: '', FUNC_RUNTIME: undefined };
    const made = serverEnvironment(toyFacts(), '/kubeless', {}, { env });
    expect(made.MOD_NAME).toBe('');
    expect(made).not.toHaveProperty('FUNC_RUNTIME');
  });

  test('gives an image without functions nothing of them', () => {
    expect(serverEnvironment(undefined, '/kubeless', {}, {})).toEqual({});
  });
});

test('phaseEnvironment has the function, not the manifest’s runtime environment', () => {
  const runtime = toyFacts({ env: { ONLY_AT_RUN_TIME: '1' } });
  const made = phaseEnvironment(runtime, '/kubeless', { EXTRA: '$(MOD_NAME)' });
  expect(made).toMatchObject({ MOD_NAME: 'function', EXTRA: 'function' });
  expect(made).not.toHaveProperty('ONLY_AT_RUN_TIME');
});

test('ownEnvironment keeps the caller’s shell out of the contract', () => {
  const shell = {
    PATH: '/bin',
    FUNC_TIMEOUT: '3',
    MOD_NAME: 'x',
    LOG_FORMAT: 'json',
    REQ_MB_LIMIT: '9',
  };
  expect(ownEnvironment(shell)).toEqual({ PATH: '/bin' });
});
