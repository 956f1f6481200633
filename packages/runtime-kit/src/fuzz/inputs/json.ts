import fc, { type Arbitrary } from 'fast-check';
import type { Input } from '../input.js';
import { mutated, request, type Shape } from './request.js';

const TYPES = ['application/json', 'application/json; charset=utf-8', 'application/problem+json'];

/**
 * Which answers are right for a JSON body: 400 for what is no UTF-8 text of JSON's grammar; a byte order
 * mark is let pass. An empty body is no document at all. A number beyond all that a language can hold
 * reaches the function as infinity, and to return that is the function's failure.
 */
export function rightFor(body: Uint8Array): Input['right'] {
  if (body.length === 0) return 'any';
  let finite = true;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    JSON.parse(text, (_key, value) => {
      if (value === Infinity || value === -Infinity) finite = false;
      return value;
    });
  } catch (error) {
    // Too deep for the reviver, not for the grammar.
    return error instanceof RangeError ? 'any' : 'bad-json';
  }
  return finite ? 'any' : 'function';
}

function document(shape: string, body: Arbitrary<Uint8Array>): Shape {
  return fc
    .tuple(body, fc.constantFrom(...TYPES), fc.constantFrom('/echo', '/describe'))
    .map(([bytes, type, path]) => ({
      shape,
      bytes: request({
        line: `POST ${path} HTTP/1.1`,
        headers: [`Content-Type: ${type}`],
        body: bytes,
      }),
      right: rightFor(bytes),
      complete: true,
    }));
}

const text = (value: string) => Buffer.from(value);

const mistakes = document(
  'a document with mistakes',
  fc.json({ maxDepth: 4 }).chain((json) => mutated(text(json), 3)),
);

const ODD = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '{"a"',
  '{"a":',
  '{"a":}',
  '{"a":1',
  '{"a":1,}',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{a:1}',
  "{'a':1}",
  '{1:2}',
  '01',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  '0x1',
  'NaN',
  'Infinity',
  '-Infinity',
  'nul',
  'True',
  'undefined',
  'null null',
  '{} {}',
  '// comment\n1',
  '/* c */ 1',
  '"\t"',
  '"\x01"',
  '"\n"',
  '"\\x"',
  '"\\u12"',
  '"\\',
  '\0',
  ' ',
  '\n\t ',
  '\x0b1',
  '[1]\0',
  '"a',
  'tru\0e',
  '{"a":1}}',
  '[[]',
  '[{]}',
];

const odd = document('a document of an odd form', fc.constantFrom(...ODD).map(text));

/** Well-formed, and hard for those who think that they know what a value is. */
const HARD = [
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '{"\\ud800":1}',
  '["\\ud83d"]',
  '1e999',
  '-1e999',
  '1e-999',
  '123456789012345678901234567890',
  '-0',
  '0.1e1',
  `${'9'.repeat(5000)}`,
  `0.${'1'.repeat(5000)}`,
  '{"a":1,"a":2}',
  '{"":0}',
  '{"\\u0000":1}',
  '"\\u0000"',
  '{"__proto__":{"x":1}}',
  '{"constructor":1,"toString":2}',
  '{"json_class":"String"}',
  '{"$ref":"#"}',
  '"\\u202e"',
  '"\u2028\u2029"',
  '{"0":1,"-1":2}',
  ' \r\n\t1 \r\n\t',
  '"\ufeff"',
  '\ufeff{}',
];

const hard = document('a document that is hard to hold', fc.constantFrom(...HARD).map(text));

const notUtf8 = document(
  'a string that is not UTF-8',
  fc
    .oneof(
      fc.constantFrom(
        [0xff],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
        [0xe2, 0x82],
        [0x80],
        [0xfe, 0xff],
      ),
      fc.array(fc.integer({ min: 0x80, max: 0xff }), { minLength: 1, maxLength: 6 }),
    )
    .map((bytes) => Buffer.concat([text('{"a":"'), Buffer.from(bytes), text('"}')])),
);

const otherEncoding = document(
  'a document in UTF-16',
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(`\ufeff${json}`, 'utf16le')),
);

const deep = document(
  'a document that nests deeply',
  fc
    .tuple(
      fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 200_000 })),
      fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"a":', '}]']),
      fc.boolean(),
    )
    .map(([depth, [open = '', close = ''], closed]) => {
      const times = Math.min(depth, Math.floor(500_000 / open.length));
      return text(`${open.repeat(times)}1${closed ? close.repeat(times) : ''}`);
    }),
);

const wide = document(
  'a document with many members',
  fc
    .integer({ min: 1, max: 50_000 })
    .map((count) => text(`{${Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(',')}}`)),
);

const good = document('a document of any value', fc.json({ maxDepth: 6 }).map(text));

/** Bodies that say that they are JSON. */
export const json: Shape = fc.oneof(
  { weight: 6, arbitrary: mistakes },
  { weight: 6, arbitrary: odd },
  { weight: 4, arbitrary: hard },
  { weight: 3, arbitrary: notUtf8 },
  { weight: 1, arbitrary: otherEncoding },
  { weight: 3, arbitrary: deep },
  { weight: 1, arbitrary: wide },
  { weight: 2, arbitrary: good },
);
