import { expect, test } from 'vitest';
import { binaryAttributes } from '../src/worker/cloudevents.js';
import { bodyKind } from '../src/worker/content-type.js';
import { decodeBody } from '../src/worker/event.js';

test.each([
  [undefined, 'text'],
  ['application/json; charset=utf-8', 'json'],
  ['application/problem+json', 'json'],
  ['Application/CloudEvents+JSON', 'cloudevent'],
  ['text/csv', 'text'],
  ['application/x-www-form-urlencoded', 'text'],
  ['multipart/form-data; boundary=x', 'multipart'],
  ['application/octet-stream', 'bytes'],
  ['application/jsonp', 'bytes'],
])('a body of type %s is %s', (type, kind) => {
  expect(bodyKind(type)).toBe(kind);
});

test('windows-1252 is decoded to the last character', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index));
  const text = decodeBody(bytes, 'text/plain; charset=windows-1252').data;
  expect(text).toHaveLength(32);
  expect(text).toMatch(/^€\x81‚.*žŸ$/);
  expect(decodeBody(Buffer.from([0xe9]), 'text/plain; charset=latin1').data).toBe('é');
});

test('text is decoded by its charset', () => {
  expect(
    decodeBody(Buffer.from([0x3d, 0xd8, 0x00, 0xde]), 'text/plain; charset="UTF-16LE"').data,
  ).toBe('😀');
  for (const type of ['text/plain', 'application/json'])
    expect(() => decodeBody(Buffer.from('1'), `${type}; charset="Klingon"`)).toThrow(
      expect.objectContaining({ status: 415, message: 'Unsupported charset: Klingon' }),
    );
});

test('a structured CloudEvent is taken apart, an incomplete one names what is missing', () => {
  const type = 'application/cloudevents+json';
  const event = { specversion: '1.0', id: '1', source: '/s', type: 't' };
  const { data, attributes } = decodeBody(
    Buffer.from(JSON.stringify({ ...event, data_base64: 'AAE=' })),
    type,
  );
  expect(data).toEqual(Buffer.from([0, 1]));
  expect(attributes).toEqual(event);
  expect(() => decodeBody(Buffer.from('{"specversion":"1.0","id":"1"}'), type)).toThrow(
    'the attribute "source" is missing',
  );
});

test('attributes of binary mode are percent-decoded', () => {
  expect(binaryAttributes({ 'ce-id': '1', 'ce-subject': 'gr%C3%BCn', host: 'x' })).toEqual({
    id: '1',
    subject: 'grün',
  });
  expect(binaryAttributes({ host: 'x' })).toBeUndefined();
});

test.each([
  ['{"a":', /^Malformed JSON: ./],
  [Buffer.from([0x22, 0xff, 0x22]), 'Malformed JSON: it is not valid UTF-8'],
  ['['.repeat(1001) + ']'.repeat(1001), 'Malformed JSON: it nests too deeply'],
])('JSON that is none, or cannot be returned, is refused: %.20s', (body, reason) => {
  const decode = () => decodeBody(Buffer.from(body), 'application/json');
  expect(decode).toThrow(reason);
  expect(decode).toThrow(expect.objectContaining({ status: 400 }));
});

test('JSON may nest, have a byte order mark, and be in another charset', () => {
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
  expect(JSON.stringify(decodeBody(Buffer.from(deep), 'application/json').data)).toBe(deep);
  expect(decodeBody(Buffer.from('\ufeff[1]'), 'application/json').data).toEqual([1]);
  expect(decodeBody(Buffer.from([0x22, 0xfc, 0x22]), 'application/json; charset=latin1').data).toBe(
    'ü',
  );
});

test.each(['***', 'aGk', 'aG k', 'aGk= ', '_-8=', 'aGk=aGk=', '=', 42, null])(
  'data_base64 of %o is refused',
  (data_base64) => {
    const event = { specversion: '1.0', id: '1', source: '/s', type: 't', data_base64 };
    const body = Buffer.from(JSON.stringify(event));
    expect(() => decodeBody(body, 'application/cloudevents+json')).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  },
);
