import fc from 'fast-check';
import type { Input } from '../input.js';
import { CRLF, longText, mutated, request, type Shape } from './request.js';
import { REST, TOO_LONG, target } from './targets.js';

const garbage: Shape = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => ({
  shape: 'garbage',
  bytes: Buffer.concat([Buffer.from(bytes), Buffer.from(`${CRLF}${CRLF}`)]),
  right: 'refusal',
  also: [505],
  complete: false,
}));

const MUTANTS = [
  request({ line: 'GET /id?id=fuzz HTTP/1.1', headers: ['Accept: */*', 'User-Agent: fuzz'] }),
  request({ headers: ['Content-Type: text/plain; charset=utf-8'], body: 'a body' }),
  request({ headers: ['Content-Type: application/json'], body: '{"a": [1, "x"]}' }),
  request({ framing: ['Transfer-Encoding: chunked'], body: '3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n' }),
];

const mistakes: Shape = fc
  .constantFrom(...MUTANTS)
  .chain((original) => mutated(original))
  .map((bytes) => ({
    shape: 'a request with mistakes',
    bytes,
    right: 'any',
    also: [501, 505],
    complete: false,
  }));

/** The line and all headers, but not the empty line behind them. */
const cutHead: Shape = fc
  .constantFrom(...MUTANTS)
  .chain((original) =>
    fc.nat(original.indexOf('\r\n\r\n') + 1).map((at) => original.subarray(0, at)),
  )
  .map((bytes) => ({ shape: 'a head that ends early', bytes, right: 'refusal', complete: false }));

const NO_VERSIONS = [
  'HTTP/9.9',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/11',
  'HTTP/1',
  'HTTP/1.1.1',
  'http/1.1',
  'HTTP/-1.1',
  'HTTP/1.x',
  'HTTPS/1.1',
  'HTTP',
  'ICY/1.0',
  '1.1',
  'HTTP/1.1 HTTP/1.1',
];

const version: Shape = fc.constantFrom(...NO_VERSIONS).map((name) => ({
  shape: `version ${name}`,
  bytes: Buffer.from(`GET /id?id=fuzz ${name}${REST}`),
  right: 'refusal',
  also: [505],
  complete: false,
}));

/** A minor version from 2 on is taken for the highest that is known. */
const minorVersion: Shape = fc.constantFrom('HTTP/1.2', 'HTTP/1.9', 'HTTP/1.0').map((name) => ({
  shape: `version ${name}`,
  bytes: Buffer.from(`GET /id?id=fuzz ${name}${REST}`),
  right: 'any',
  also: [505],
  complete: false,
}));

const preface: Shape = fc.constant({
  shape: 'the preface of HTTP/2',
  bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'),
  right: 'refusal',
  also: [505],
  complete: false,
});

const method: Shape = fc
  .oneof(
    fc.constantFrom(
      'get',
      'GeT',
      'BREW',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'M-SEARCH',
      'QUERY',
      'PURGE',
    ),
    fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/),
    longText('M', TOO_LONG),
  )
  .map((name) => ({
    shape: `method ${name.slice(0, 20)}`,
    bytes: Buffer.from(`${name} /id?id=fuzz HTTP/1.1${REST}`),
    right: name === '' || name.length >= TOO_LONG ? 'refusal' : 'any',
    also: [501],
    complete: false,
  }));

const badMethod: Shape = fc
  .constantFrom('GE(T', 'G\x00T', 'G\xe9T', 'GET,', '{GET}', '"GET"', 'G:T', '@', ' GET', '\tGET')
  .map((name) => ({
    shape: `method ${JSON.stringify(name)}`,
    bytes: Buffer.from(`${name} /id?id=fuzz HTTP/1.1${REST}`, 'latin1'),
    right: 'any',
    also: [501],
    complete: false,
  }));

const odd: [string, string, Input['right']][] = [
  ['a line without a target', `GET HTTP/1.1${REST}`, 'refusal'],
  ['a line of a method alone', `GET${REST}`, 'refusal'],
  ['a line of HTTP/0.9', 'GET /id?id=fuzz\r\n\r\n', 'any'],
  ['four words in the line', `GET /id?id=a b HTTP/1.1${REST}`, 'refusal'],
  ['nothing but line ends', CRLF.repeat(50), 'any'],
  ['line ends before the line', `${CRLF}${CRLF}GET /id?id=fuzz HTTP/1.1${REST}`, 'any'],
  ['line feeds alone', 'GET /id?id=fuzz HTTP/1.1\nHost: fuzz.example\n\n', 'any'],
  ['carriage returns alone', 'GET /id?id=fuzz HTTP/1.1\rHost: fuzz.example\r\r', 'refusal'],
  ['no host', `GET /id?id=fuzz HTTP/1.1${CRLF}${CRLF}`, 'any'],
  ['a tab in the line', `GET\t/id?id=fuzz\tHTTP/1.1${REST}`, 'any'],
  ['two spaces in the line', `GET  /id?id=fuzz  HTTP/1.1${REST}`, 'any'],
  ['an answer for a request', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'refusal'],
  ['TLS', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n', 'refusal'],
];

const oddities: Shape = fc.constantFrom(...odd).map(([shape, text, right]) => ({
  shape,
  bytes: Buffer.from(text, 'latin1'),
  right,
  also: [505],
  complete: false,
}));

/** A good request with something behind it that is none. */
const garbageBehind: Shape = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => ({
  shape: 'garbage behind a request',
  bytes: Buffer.concat([
    request({ line: 'GET /id?id=fuzz HTTP/1.1' }),
    Buffer.from(bytes),
    Buffer.from(`${CRLF}${CRLF}`),
  ]),
  right: 'any',
  also: [505],
  complete: false,
}));

/** Request lines and all that is not HTTP at all. */
export const http: Shape = fc.oneof(
  { weight: 3, arbitrary: garbage },
  { weight: 6, arbitrary: mistakes },
  { weight: 2, arbitrary: cutHead },
  { weight: 2, arbitrary: version },
  { weight: 1, arbitrary: minorVersion },
  { weight: 1, arbitrary: preface },
  { weight: 3, arbitrary: method },
  { weight: 1, arbitrary: badMethod },
  { weight: 6, arbitrary: target },
  { weight: 3, arbitrary: oddities },
  { weight: 2, arbitrary: garbageBehind },
);
