import fc from 'fast-check';
import type { Input } from '../input.js';
import { rightFor } from './json.js';
import { bytesText, mutated, request, type Shape } from './request.js';

const REQUIRED = ['specversion', 'id', 'source', 'type'];
const GOOD = { specversion: '1.0', id: 'fuzz-1', source: '/fuzz', type: 'fuzz.event' };

const structured = (body: string | Uint8Array, right: Input['right'], shape: string) => ({
  shape,
  bytes: request({
    line: 'POST /describe HTTP/1.1',
    headers: ['Content-Type: application/cloudevents+json'],
    body: typeof body === 'string' ? Buffer.from(body) : body,
  }),
  right,
  complete: true,
});

const lacking: Shape = fc.subarray(REQUIRED, { minLength: 1 }).map((missing) => {
  const left = Object.entries(GOOD).filter(([name]) => !missing.includes(name));
  const body = JSON.stringify(Object.fromEntries(left));
  return structured(body, 'bad-json', `a structured event without ${missing.join(', ')}`);
});

/** An attribute of a wrong type is as good as none, or a matter of taste. */
const oddValues: Shape = fc
  .record({
    name: fc.constantFrom(
      ...REQUIRED,
      'time',
      'subject',
      'datacontenttype',
      'dataschema',
      'data',
      'data_base64',
      'x',
      '',
      'ID',
      '__proto__',
    ),
    value: fc.jsonValue({ maxDepth: 3 }),
  })
  .map(({ name, value }) => {
    const body = JSON.stringify({ ...GOOD, [name]: value });
    return structured(body, 'any', `a structured event with an odd ${JSON.stringify(name)}`);
  });

const notObjects: Shape = fc
  .constantFrom('[]', '[{}]', 'null', '1', 'true', '"text"', '{}', `[${JSON.stringify(GOOD)}]`)
  .map((body) => structured(body, 'bad-json', `a structured event that is ${body.slice(0, 10)}`));

const badBase64: Shape = fc
  .oneof(
    fc.constantFrom('!', 'a', 'ab=c', '====', 'YQ', 'YQ==\n', '_-', 'é'),
    fc.string({ maxLength: 20 }),
  )
  .map((data) => {
    const body = JSON.stringify({ ...GOOD, data_base64: data });
    return structured(body, 'any', `data_base64 ${JSON.stringify(data.slice(0, 10))}`);
  });

const CONTENT = { ...GOOD, time: '2024-01-01T00:00:00Z', data: { a: [1, null] } };

const mistakes: Shape = mutated(Buffer.from(JSON.stringify(CONTENT)), 4).map((body) =>
  structured(body, rightFor(body), 'a structured event with mistakes'),
);

const batch: Shape = fc.constant({
  shape: 'a batch of events',
  bytes: request({
    headers: ['Content-Type: application/cloudevents-batch+json'],
    body: JSON.stringify([GOOD, GOOD]),
  }),
  right: 'any',
  complete: true,
});

const NAMES = [
  'ce-id',
  'ce-type',
  'ce-source',
  'ce-time',
  'ce-specversion',
  'ce-subject',
  'ce-',
  'ce-X',
  'CE-ID',
  'ce-a-b',
  'ce-data',
  'ce-data_base64',
  'ce-datacontenttype',
  'ce-__proto__',
  'ce-constructor',
];
const VALUES = [
  '',
  '%',
  '%z',
  '%zz',
  '%ff',
  '%00',
  '%e2%82',
  '%F0%9F%98%80',
  '1.0',
  '0.3',
  '9',
  '\xff\xfe',
  '"',
  '\\',
  'a, b',
  'x'.repeat(4000),
  '2024-13-45T99:99:99Z',
  'not a time',
  '-1',
  '😀',
];

/** What headers say of an event is for the function; the server only unpacks it. */
const binary: Shape = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.oneof(
          fc.constantFrom(...VALUES),
          bytesText(1, 20).map((text) => text.replaceAll(/[\0\r\n]/g, '')),
        ),
      ),
      { minLength: 1, maxLength: 8 },
    ),
    fc.constantFrom('application/json', 'text/plain', 'application/octet-stream'),
  )
  .map(([pairs, type]) => ({
    shape: 'a binary event of odd headers',
    bytes: request({
      line: 'POST /id?id=fuzz HTTP/1.1',
      headers: [
        `Content-Type: ${type}`,
        ...pairs.map(([name, value]) => `${name}: ${Buffer.from(value).toString('latin1')}`),
      ],
      body: '{}',
    }),
    right: 'any',
    complete: false,
  }));

/** CloudEvents in both modes. */
export const cloudevents: Shape = fc.oneof(
  { weight: 3, arbitrary: lacking },
  { weight: 4, arbitrary: oddValues },
  { weight: 2, arbitrary: notObjects },
  { weight: 2, arbitrary: badBase64 },
  { weight: 4, arbitrary: mistakes },
  { weight: 1, arbitrary: batch },
  { weight: 5, arbitrary: binary },
);
