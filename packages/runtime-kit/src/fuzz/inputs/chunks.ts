import fc from 'fast-check';
import type { Input } from '../input.js';
import { CRLF, request, type Shape, TEXT } from './request.js';

const NO_SIZES = [
  'zz',
  '-3',
  '+3',
  '0x3',
  '',
  ' ',
  '3 3',
  '3.',
  '"3"',
  'fffffffffffffffff',
  '10000000000000003',
  '3\x00',
  '\x0b3',
  '-0',
  'g',
];

const badSize: Shape = fc.constantFrom(...NO_SIZES).map((size) => ({
  shape: `chunk size ${JSON.stringify(size)}`,
  bytes: request({
    headers: TEXT,
    framing: ['Transfer-Encoding: chunked'],
    body: `${size}${CRLF}abc${CRLF}0${CRLF}${CRLF}`,
  }),
  right: 'refusal',
  complete: false,
}));

const CHUNKS: [string, string, Input['right']][] = [
  ['no end of the chunks', `3${CRLF}abc${CRLF}`, 'refusal'],
  ['a chunk that is shorter than its size', `ff${CRLF}abc${CRLF}0${CRLF}${CRLF}`, 'refusal'],
  ['a chunk that is longer than its size', `3${CRLF}abcdef${CRLF}0${CRLF}${CRLF}`, 'refusal'],
  ['no line end behind a chunk', `3${CRLF}abc0${CRLF}${CRLF}`, 'refusal'],
  ['no empty line at the end', `3${CRLF}abc${CRLF}0${CRLF}`, 'refusal'],
  ['line feeds alone', '3\nabc\n0\n\n', 'any'],
  ['a trailer', `3${CRLF}abc${CRLF}0${CRLF}X-Trailer: y${CRLF}${CRLF}`, 'any'],
  ['a trailer that is none', `3${CRLF}abc${CRLF}0${CRLF}no colon${CRLF}${CRLF}`, 'any'],
  ['a trailer that frames', `3${CRLF}abc${CRLF}0${CRLF}Content-Length: 5${CRLF}${CRLF}`, 'any'],
  ['a trailer of 64 KiB', `3${CRLF}abc${CRLF}0${CRLF}X: ${'y'.repeat(65536)}${CRLF}${CRLF}`, 'any'],
  ['an extension', `3;name=value;x="y"${CRLF}abc${CRLF}0${CRLF}${CRLF}`, 'any'],
  ['an extension of 64 KiB', `3;${'x'.repeat(65536)}${CRLF}abc${CRLF}0${CRLF}${CRLF}`, 'any'],
  ['leading zeros', `${'0'.repeat(200)}3${CRLF}abc${CRLF}0${CRLF}${CRLF}`, 'any'],
  ['a thousand chunks of a byte', `${`1${CRLF}x${CRLF}`.repeat(1000)}0${CRLF}${CRLF}`, 'any'],
];

const oddChunks: Shape = fc.constantFrom(...CHUNKS).map(([what, body, right]) => ({
  shape: `chunks: ${what}`,
  bytes: request({ headers: TEXT, framing: ['Transfer-Encoding: chunked'], body }),
  right,
  complete: false,
}));

/** Bodies in chunks. */
export const chunks: Shape = fc.oneof(
  { weight: 4, arbitrary: badSize },
  { weight: 4, arbitrary: oddChunks },
);
