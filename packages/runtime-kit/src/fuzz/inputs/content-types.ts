import fc from 'fast-check';
import { bytesText, request, type Shape, words } from './request.js';

/** Names of the registry, of libraries, and of nobody: each may be a table, an error or a crash. */
const CHARSETS = [
  ...words(`
  utf-8 utf8 UTF-8 utf-7 utf-16 utf-16le utf-16be utf-32 utf-32le us-ascii iso-8859-1
  iso-8859-15 windows-1252 shift_jis euc-jp euc-kr euc-tw iso-2022-jp iso-2022-kr gb2312
  gb12345 gb18030 big5 big5-hkscs koi8-r macintosh ibm037 ibm850 cesu-8 scsu utf-ebcdic
  emacs-mule utf8-mac x-user-defined replacement binary base64 hex rot13 zip bz2 idna punycode
  undefined unicode_escape raw_unicode_escape string-escape mbcs oem locale external internal
  filesystem html-entities uuencode quoted-printable 7bit 8bit auto pass none null 0 -1 . ..
  ../etc utf-8,utf-16 %00
`),
  '',
  '\xe9',
  'utf-8\x0b',
  'x'.repeat(500),
];

const charset: Shape = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...CHARSETS),
      bytesText(1, 10).map((text) => text.replaceAll(/[\r\n\0]/g, '')),
    ),
    fc.constantFrom(
      'text/plain',
      'text/html',
      'application/json',
      'application/x-www-form-urlencoded',
      'application/cloudevents+json',
    ),
    bytesText(1, 40),
  )
  .map(([name, type, body]) => ({
    shape: `charset ${JSON.stringify(name.slice(0, 20))} of ${type}`,
    bytes: request({ headers: [`Content-Type: ${type}; charset=${name}`], body }),
    right: 'any',
    complete: true,
  }));

const TYPES = [
  '',
  ' ',
  '/',
  'text',
  'text/',
  '/plain',
  'text/plain;',
  'text/plain;;;',
  'text/plain; charset',
  'text/plain; charset=',
  'text/plain; charset="',
  'text/plain; =x',
  'application/json;charset="utf-8',
  'application/+json',
  '+json',
  'application/json, text/plain',
  'APPLICATION/JSON',
  'application/json\x0b',
  'multipart/',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  '*/*',
  'a/b/c',
  'application/x-www-form-urlencoded; charset=x',
  'x'.repeat(2000),
  `text/plain${'; a=b'.repeat(300)}`,
  'text/plain; charset=utf-8; charset=utf-16',
];

const contentType: Shape = fc
  .tuple(fc.constantFrom(...TYPES), fc.constantFrom('/echo', '/describe'), bytesText(1, 40))
  .map(([type, path, body]) => ({
    shape: `content type ${JSON.stringify(type.slice(0, 30))}`,
    bytes: request({ line: `POST ${path} HTTP/1.1`, headers: [`Content-Type: ${type}`], body }),
    right: 'any',
    complete: true,
  }));

/** What a body says that it is. */
export const contentTypes: Shape = fc.oneof(
  { weight: 6, arbitrary: charset },
  { weight: 3, arbitrary: contentType },
);
