import { expect, test } from 'vitest';
import { failureOfPush } from '../../src/registry/index.js';
import { isLoopback, registryPlace } from '../../src/registry/place.js';

test.each([
  ['registry.example', 'registry.example', ''],
  ['registry.example:5000/functions', 'registry.example:5000', 'functions'],
  ['localhost/a/b-c', 'localhost', 'a/b-c'],
  ['127.0.0.1:5000/a', '127.0.0.1:5000', 'a'],
  ['[::1]:5000/a', '[::1]:5000', 'a'],
  ['registry:5000/a', 'registry:5000', 'a'],
])('%s is a registry', (text, host, prefix) => {
  expect(registryPlace(text)).toEqual({ host, prefix });
});

test.each([
  'https://registry.example/a',
  'functions',
  'functions/a',
  'registry.example/Functions',
  'registry.example/a/',
  'registry.example/a:tag',
  '',
])('"%s" is none', (text) => {
  expect(() => registryPlace(text)).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('HOST/PREFIX') }),
  );
});

test.each([
  ['localhost:5000', true],
  ['127.9.0.1', true],
  ['[::1]:5000', true],
  ['localhost.example', false],
  ['10.127.0.1:5000', false],
])('%s on a loopback address: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

/** Texts of engines 20.10 and 29. */
test.each([
  ['Get "https://r/v2/": x509: certificate signed by unknown authority', 'REGISTRY_UNTRUSTED'],
  ['http: server gave HTTP response to HTTPS client', 'REGISTRY_UNTRUSTED'],
  ['unauthorized: authentication required', 'REGISTRY_DENIED'],
  ['no basic auth credentials', 'REGISTRY_DENIED'],
  ['denied: requested access to the resource is denied', 'REGISTRY_DENIED'],
  ['manifest invalid: manifest invalid', 'REGISTRY_REFUSED'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'REGISTRY_UNREACHABLE'],
  ['dial tcp 127.0.0.1:5000: connect: connection refused', 'REGISTRY_UNREACHABLE'],
  ['write tcp: connection reset by peer', 'REGISTRY_UNREACHABLE'],
  ['toomanyrequests: slow down', 'REGISTRY_UNREACHABLE'],
  ['net/http: TLS handshake timeout', 'REGISTRY_UNREACHABLE'],
])('the engine says "%s": %s', (text, code) => {
  expect(failureOfPush('r/toy:1', text).code).toBe(code);
});
