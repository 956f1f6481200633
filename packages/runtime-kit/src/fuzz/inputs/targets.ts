import fc from 'fast-check';
import { bytesText, CRLF, longText, type Shape } from './request.js';

/** What follows a request line. */
export const REST = `${CRLF}Host: fuzz.example${CRLF}${CRLF}`;
/** HTTP allows a head of any length; the contract ends at 16 KiB. */
export const TOO_LONG = 20 * 1024;

const TARGETS = [
  '',
  '*',
  '//',
  '///id',
  '/../../etc/passwd',
  '/%',
  '/%z',
  '/%zz',
  '/%00',
  '/%ff%fe',
  '/%u0041',
  '/id?id=%',
  '/id?id=%zz',
  '/id?id=%ff',
  '/id?id=%00',
  '/id?%5B%5D=1',
  '/id?id[]=1&id=2',
  '/id?id[a][b][c]=1',
  '/id?=&&=&;;',
  '/id?id=1&id=2',
  '/id#fragment',
  '/id?a=b#c',
  'http://',
  'http:///',
  'http://[',
  'http://[::1',
  'http://[::1]:99999/id',
  'http://user:pass@host/id',
  'http://host:port/id',
  'https://x.example/id?id=fuzz',
  'ftp://x/',
  'mailto:x',
  'id',
  ':80',
  '[::1]',
  '/\\',
  '/id;a=b',
  '/id\x7f',
  '/|',
  '/"',
  '/<>',
  '/{}',
  '/^`',
  '/%2e%2e/',
  '/.',
  '/id/',
  '/healthz/../id',
  '/%68ealthz',
  '/metrics/x',
  '/healthz?x=%',
];

/** What a request asks for. */
export const target: Shape = fc
  .oneof(
    fc.constantFrom(...TARGETS),
    bytesText(1, 40).map((text) => `/${text.replaceAll(/[\r\n ]/g, '')}`),
    fc.webPath().map((path) => path || '/'),
    fc.webQueryParameters().map((query) => `/id?${query}`),
    longText('/a', 3 * TOO_LONG).map((path) => `/${path}`),
  )
  .map((path) => ({
    shape: `target ${JSON.stringify(path.slice(0, 30))}`,
    bytes: Buffer.from(`GET ${path} HTTP/1.1${REST}`, 'latin1'),
    right: path.length >= TOO_LONG ? 'refusal' : 'any',
    complete: false,
  }));
