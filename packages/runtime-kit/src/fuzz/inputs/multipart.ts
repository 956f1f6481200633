import fc, { type Arbitrary } from 'fast-check';
import { bytesText, CRLF, mutated, request, type Shape } from './request.js';

const TYPE = 'multipart/form-data; boundary=fuzz';

const GOOD = [
  '--fuzz',
  'Content-Disposition: form-data; name="field"',
  '',
  'value',
  '--fuzz',
  'Content-Disposition: form-data; name="file"; filename="a.bin"',
  'Content-Type: application/octet-stream',
  '',
  'content',
  '--fuzz--',
  '',
].join(CRLF);

/** Where the form is read by the function, its own tools may fail over it. */
function form(
  shape: string,
  body: Arbitrary<string | Uint8Array>,
  types: string[] = [TYPE],
): Shape {
  return fc
    .tuple(body, fc.constantFrom(...types), fc.constantFrom('/multipart', '/multipart', '/echo'))
    .map(([content, type, path]) => ({
      shape: `${shape}${path === '/multipart' ? '' : ', unread'}`,
      bytes: request({
        line: `POST ${path} HTTP/1.1`,
        headers: [`Content-Type: ${type}`],
        body: content,
      }),
      right: path === '/multipart' ? 'function' : 'any',
      complete: true,
    }));
}

const BOUNDARIES = [
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=""',
  'multipart/form-data; boundary="fuzz',
  'multipart/form-data; boundary=other',
  `multipart/form-data; boundary=${'x'.repeat(300)}`,
  'multipart/form-data; boundary=a b',
  'multipart/form-data; boundary=(.*)+',
  'multipart/form-data; boundary=\xff',
  'multipart/form-data; boundary=--',
  'multipart/mixed; boundary=fuzz',
  'multipart/; boundary=fuzz',
  'MULTIPART/FORM-DATA; BOUNDARY=fuzz',
  'multipart/form-data; boundary=fuzz; boundary=other',
  'multipart/form-data; charset=utf-16; boundary=fuzz',
];

const PARTS = [
  '',
  'Content-Disposition: form-data',
  'Content-Disposition: form-data; name',
  'Content-Disposition: form-data; name=',
  'Content-Disposition: form-data; name="',
  'Content-Disposition: form-data; name=""',
  'Content-Disposition: attachment',
  'Content-Disposition: ',
  'NoColon',
  ': x',
  'Content-Disposition: form-data; name="a[b][c]"',
  'Content-Disposition: form-data; name="a["',
  'Content-Disposition: form-data; name="\xff\xfe"',
  'Content-Disposition: form-data; name="a"; filename="../../x"',
  'Content-Disposition: form-data; name="a"; filename="\0"',
  'Content-Disposition: form-data; name="a"; filename*=utf-9\'\'%zz',
  'Content-Disposition: form-data; name="a"; filename=""',
  `Content-Disposition: form-data; name="${'x'.repeat(20_000)}"`,
  'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
  'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: x',
  'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=x',
  'Content-Disposition: form-data; name="a"\r\nContent-Length: 99',
  'Content-Disposition: form-data; name="__proto__"',
  'Content-Disposition: form-data; name="_charset_"',
];

const part = (head: string, content: string) =>
  `--fuzz${CRLF}${head}${CRLF}${CRLF}${content}${CRLF}`;

/** multipart/form-data. */
export const multipart: Shape = fc.oneof(
  { weight: 5, arbitrary: form('a form with mistakes', mutated(Buffer.from(GOOD))) },
  { weight: 3, arbitrary: form('a form of an odd type', fc.constant(GOOD), BOUNDARIES) },
  {
    weight: 4,
    arbitrary: form(
      'a part with an odd head',
      fc
        .tuple(fc.constantFrom(...PARTS), bytesText(0, 40))
        .map(([head, content]) => `${part(head, content)}--fuzz--${CRLF}`),
    ),
  },
  {
    weight: 2,
    arbitrary: form(
      'a form without an end',
      fc.nat(GOOD.length - 1).map((at) => GOOD.slice(0, at)),
    ),
  },
  { weight: 1, arbitrary: form('a body that is no form', bytesText(1, 200)) },
  {
    weight: 1,
    arbitrary: form(
      'a form of many parts',
      fc.integer({ min: 100, max: 5000 }).map((count) => {
        const parts = Array.from({ length: count }, (_, index) =>
          part(`Content-Disposition: form-data; name="n${index}"`, 'v'),
        );
        return `${parts.join('')}--fuzz--${CRLF}`;
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: form('line feeds alone', fc.constant(GOOD.replaceAll(CRLF, '\n'))),
  },
);
