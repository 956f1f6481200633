import fc from 'fast-check';
import { contentTypes } from './content-types.js';
import { bytesText, CRLF, longText, request, type Shape, words } from './request.js';

/** The contract has heads of 16 KiB end at 4xx; what lies near it is nobody's promise. */
const LARGE = 20 * 1024;
const GET = 'GET /id?id=fuzz HTTP/1.1';

/** Headers that a server or a function reads, so that odd values meet code. */
const NAMES = words(`
  Event-Id Event-Type Event-Time Event-Namespace Accept Accept-Encoding Accept-Language
  Authorization Cookie Date Forwarded If-Modified-Since If-None-Match Origin Referer
  Traceparent User-Agent X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto
  X-Http-Method-Override Access-Control-Request-Headers Content-Disposition Content-Type Proxy
`);

const huge: Shape = fc
  .tuple(fc.constantFrom(...NAMES), longText('x', 100 * 1024))
  .map(([name, value]) => ({
    shape: `${name} of ${value.length} bytes`,
    bytes: request({ line: GET, headers: [`${name}: ${value}`] }),
    right: value.length > LARGE ? 'refusal' : 'any',
    complete: false,
  }));

const many: Shape = fc
  .tuple(fc.integer({ min: 1, max: 3000 }), fc.constantFrom('X-Same', 'X-', 'Cookie', 'Event-Id'))
  .map(([count, name]) => {
    const headers = Array.from({ length: count }, (_, index) =>
      name === 'X-' ? `X-${index}: y` : `${name}: ${index}`,
    );
    return {
      shape: `${count} headers ${name}`,
      bytes: request({ line: GET, headers }),
      right: headers.join('').length > LARGE ? 'refusal' : 'any',
      complete: false,
    };
  });

/** NUL, CR and LF are in no header; of other odd bytes a server may think as it likes. */
const oddValue: Shape = fc
  .tuple(fc.constantFrom(...NAMES), bytesText(1, 60))
  .map(([name, text]) => {
    const value = text.replaceAll('\n', '\x01');
    return {
      shape: `odd bytes in ${name}`,
      bytes: request({ line: GET, headers: [`${name}: ${value}`] }),
      right: value.includes('\0') || value.trimEnd().includes('\r') ? 'refusal' : 'any',
      complete: false,
    };
  });

const BAD_NAMES = [
  '',
  ' ',
  'X Y',
  'X-Space ',
  '\tX',
  'X\x00',
  'X\x7f',
  '(X)',
  'X@Y',
  'X/Y',
  'X[1]',
  '{X}',
  '"X"',
  'Ü',
  'X\r',
  ':X',
  'X;Y',
  'X=Y',
  'X\\Y',
];

const oddName: Shape = fc
  .oneof(
    fc.constantFrom(...BAD_NAMES),
    bytesText(1, 12).map((name) => name.replaceAll('\n', '')),
  )
  .map((name) => ({
    shape: `header name ${JSON.stringify(name)}`,
    bytes: request({ line: GET, headers: [`${name}: value`] }),
    right: /[ \t]$|\0/.test(name) || name === '' ? 'refusal' : 'any',
    complete: false,
  }));

const folded: [string, string][] = [
  ['a value on two lines', `X-Folded: a${CRLF} b`],
  ['a line that begins with a tab', `X-Folded: a${CRLF}\tb`],
  ['a first header that begins with a space', ' X-First: y'],
  ['no colon', 'NoColonHere'],
  ['a colon alone', ':'],
  ['an empty value', 'X-Empty:'],
  ['quotes that do not end', 'Cookie: a="b'],
  ['two hosts', 'Host: other.example'],
  ['two content types', `Content-Type: text/plain${CRLF}Content-Type: application/json`],
  ['two event ids', `Event-Id: a${CRLF}Event-Id: b`],
  ['a name with an underscore', 'Content_Length: 3'],
];

const lines: Shape = fc.constantFrom(...folded).map(([shape, line]) => ({
  shape,
  bytes: request({ line: GET, headers: [line] }),
  right: shape === 'no colon' ? 'refusal' : 'any',
  complete: false,
}));

const HOSTS = [
  '',
  ' ',
  'a b',
  '[',
  '[::1',
  '[::1]:x',
  ':',
  ':80',
  'x:99999',
  'x:-1',
  'x@y',
  'x/y',
  'x?y',
  '\x00',
  'é',
  'x,y',
  'x'.repeat(300),
  '../..',
  '%00',
  '127.0.0.1:8080:9',
  'http://x',
];

const host: Shape = fc.constantFrom(...HOSTS).map((name) => ({
  shape: `host ${JSON.stringify(name.slice(0, 20))}`,
  bytes: Buffer.from(`${GET}${CRLF}Host: ${name}${CRLF}${CRLF}`, 'latin1'),
  right: name.includes('\0') ? 'refusal' : 'any',
  complete: false,
}));

const cors: Shape = fc.tuple(bytesText(0, 30), bytesText(0, 30)).map(([method, names]) => ({
  shape: 'a preflight that asks for odd things',
  bytes: request({
    line: 'OPTIONS /echo HTTP/1.1',
    headers: [
      'Origin: null',
      `Access-Control-Request-Method: ${printable(method)}`,
      `Access-Control-Request-Headers: ${printable(names)}`,
    ],
  }),
  right: 'any',
  complete: true,
}));

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '_');
}

/** Names, values and numbers of headers. */
export const headers: Shape = fc.oneof(
  { weight: 4, arbitrary: huge },
  { weight: 3, arbitrary: many },
  { weight: 5, arbitrary: oddValue },
  { weight: 3, arbitrary: oddName },
  { weight: 3, arbitrary: lines },
  { weight: 2, arbitrary: host },
  { weight: 9, arbitrary: contentTypes },
  { weight: 1, arbitrary: cors },
);
