import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.js';
import { cpusWithin } from '../src/cpus.js';

const needed = { MOD_NAME: 'function', FUNC_HANDLER: 'handler' };

test('defaults are those of the contract', () => {
  expect(readConfig(needed)).toMatchObject({
    port: 8080,
    functionFile: '/kubeless/function.js',
    timeoutMs: 180_000,
    bodyLimitMiB: 1,
    multipartLimitMiB: 32,
    shutdownTimeoutMs: 10_000,
    corsOrigin: '*',
  });
});

describe('a bad value is named with its fix', () => {
  test.each([
    ['FUNC_PORT', 'abc', 'a port number from 1 to 65535 (or leave it unset for 8080)'],
    ['FUNC_PORT', '0', 'a port number from 1 to 65535 (or leave it unset for 8080)'],
    ['FUNC_TIMEOUT', '-1', 'a number of seconds from 0 to 86400 (or leave it unset for 180)'],
    ['FUNC_TIMEOUT', '0', 'a number of seconds above 0 (or leave it unset for 180)'],
    ['MOD_NAME', '', "the function file's name without its suffix and folder"],
    ['MOD_NAME', '../function', "the function file's name without its suffix and folder"],
    [
      'FUNC_WORKERS',
      '1.5',
      'a number of processes from 1 to 512 (or leave it unset for the usable CPUs)',
    ],
    ['LOG_FORMAT', 'xml', '"combined" or "json" (or leave it unset for combined)'],
  ])('%s=%s', (name, value, wanted) => {
    expect(() => readConfig({ ...needed, [name]: value })).toThrow(
      `runtime-kit: ${name} is ${JSON.stringify(value)}: set it to ${wanted}`,
    );
  });
});

test.each([
  [8, [['max', '100000']], 8],
  [8, [['150000', '100000']], 2],
  [8, [[], ['-1', '100000']], 8],
  [1, [['400000', '100000']], 1],
])('%i CPUs within the quotas %j are %i', (available, quotas, cpus) => {
  expect(cpusWithin(available, quotas)).toBe(cpus);
});
