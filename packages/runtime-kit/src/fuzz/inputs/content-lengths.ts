import fc from 'fast-check';
import { bytesText, HIDDEN, MARK, request, type Shape, TEXT } from './request.js';

const NO_LENGTHS = [
  'abc',
  '-1',
  '+3',
  '0x3',
  '3.0',
  '1e1',
  '3,5',
  '3 5',
  '3;',
  '"3"',
  '3\x0b',
  '\x003',
  '99999999999999999999',
  '18446744073709551617',
  '-9223372036854775808',
  '3, abc',
];

const badLength: Shape = fc
  .oneof(fc.constantFrom(...NO_LENGTHS), fc.stringMatching(/^[a-z!-,]{1,6}$/))
  .map((length) => ({
    shape: `content-length ${JSON.stringify(length)}`,
    bytes: request({ headers: TEXT, framing: [`Content-Length: ${length}`], body: 'abc' }),
    right: 'refusal',
    complete: false,
  }));

/** Two that agree, in one line or in two, may be taken for one. */
const SAME_LENGTHS = [
  ['Content-Length: 3', 'Content-Length: 3'],
  ['Content-Length: 3, 3'],
  ['Content-Length: 03'],
  ['Content-Length:3 '],
  ['Content-Length: '],
];

const sameLengths: Shape = fc.constantFrom(...SAME_LENGTHS).map((framing) => ({
  shape: framing.join(', '),
  bytes: request({ headers: TEXT, framing, body: 'abc' }),
  right: 'any',
  complete: false,
}));

const twoLengths: Shape = fc
  .tuple(fc.nat(80), fc.nat(80))
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => ({
    shape: `content-length ${one} and ${other}`,
    bytes: request({
      headers: TEXT,
      framing: [`Content-Length: ${one}`, `Content-Length: ${other}`],
      body: HIDDEN,
    }),
    right: 'refusal',
    never: MARK,
    complete: false,
  }));

/** The function must not get half a body. */
const shortBody: Shape = fc
  .tuple(bytesText(0, 200), fc.integer({ min: 1, max: 5000 }))
  .map(([body, missing]) => ({
    shape: `a body that lacks ${missing} bytes`,
    bytes: request({ headers: TEXT, framing: [`Content-Length: ${body.length + missing}`], body }),
    right: 'refusal',
    complete: false,
  }));

/** What a content-length can say. */
export const contentLengths: Shape = fc.oneof(
  { weight: 4, arbitrary: badLength },
  { weight: 2, arbitrary: sameLengths },
  { weight: 3, arbitrary: twoLengths },
  { weight: 3, arbitrary: shortBody },
);
