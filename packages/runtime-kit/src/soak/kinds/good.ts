import { createHash } from 'node:crypto';
import { answers, equal, objectOf } from '../../conformance/testing/expect.js';
import { multipart } from '../../conformance/testing/multipart.js';
import { ANSWERED, type Kind, REFUSED } from '../call.js';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Calls that are answered, each with something that no other call has. */
export const goodKinds: Kind[] = [
  {
    name: 'id',
    weight: 220,
    make: ({ id }) => ({
      method: 'GET',
      path: `/id?id=${id}`,
      judge: (answer) => answers(answer, { status: 200, type: TEXT, text: id }),
      counts: ANSWERED,
    }),
  },
  {
    name: 'head',
    weight: 20,
    make: ({ id }) => ({
      method: 'HEAD',
      path: `/id?id=${id}`,
      judge: (answer) => answers(answer, { status: 200, type: TEXT, text: '' }),
      counts: ANSWERED,
    }),
  },
  {
    name: 'text',
    weight: 100,
    make: ({ id, random }) => {
      const body = `${id} ü😀 ${random.bytes(random.integer(0, 400)).toString('base64')}`;
      return {
        method: 'POST',
        path: '/echo',
        headers: { 'content-type': TEXT },
        body,
        judge: (answer) => answers(answer, { status: 200, type: TEXT, text: body }),
        counts: ANSWERED,
      };
    },
  },
  {
    // How a JSON document is spelled is the language's own: its value is compared.
    name: 'json',
    weight: 100,
    make: ({ id, random }) => {
      const value = { id, list: [1, null, true, 'ü😀'], depth: { size: random.integer(0, 1e6) } };
      return {
        method: 'POST',
        path: '/echo',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(value),
        judge: (answer) => answers(answer, { status: 200, type: 'application/json', json: value }),
        counts: ANSWERED,
      };
    },
  },
  {
    name: 'bytes',
    weight: 60,
    make: ({ id, random }) => bytes(id, random.bytes(random.integer(0, 8192))),
  },
  {
    name: 'huge',
    weight: 6,
    make: ({ id, random, limits: { bodyBytes } }) =>
      bytes(id, random.bytes(random.integer(bodyBytes / 4, bodyBytes - id.length))),
  },
  {
    name: 'form',
    weight: 20,
    make: ({ id, random }) => form(id, random.bytes(random.integer(1, 4096))),
  },
  {
    // Larger than any other body may be: it has a limit of its own.
    name: 'huge form',
    weight: 2,
    make: ({ id, random, limits: { bodyBytes } }) =>
      form(id, random.bytes(random.integer(bodyBytes, bodyBytes * 1.5))),
  },
  {
    name: 'cloudevent',
    weight: 40,
    make: ({ id, random }) => {
      const headers = {
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': '/soak',
        'ce-type': 'soak.call',
      };
      const structured = { specversion: '1.0', id, source: '/soak', type: 'soak.call', data: id };
      const binary = random.integer(0, 1) === 0;
      return {
        method: 'POST',
        path: '/describe',
        headers: binary
          ? { 'content-type': TEXT, ...headers }
          : { 'content-type': 'application/cloudevents+json' },
        body: binary ? id : JSON.stringify(structured),
        judge: (answer) => {
          answers(answer, { status: 200, type: 'application/json' });
          const event = objectOf(answer);
          equal(event['event-id'], id, 'event-id');
          equal(event['event-namespace'], '/soak', 'event-namespace');
          equal(event['event-type'], 'soak.call', 'event-type');
        },
        counts: ANSWERED,
      };
    },
  },
  {
    name: 'async',
    weight: 30,
    make: () => ({
      method: 'GET',
      path: '/async',
      judge: (answer) => answers(answer, { status: 200, type: TEXT, text: 'awaited' }),
      counts: ANSWERED,
    }),
  },
  {
    name: 'custom',
    weight: 20,
    make: () => ({
      method: 'GET',
      path: '/custom',
      judge: (answer) =>
        answers(answer, { status: 201, type: 'text/csv; charset=utf-8', text: 'a,b\n' }),
      counts: ANSWERED,
    }),
  },
  {
    name: 'stream',
    weight: 20,
    make: ({ random }) => {
      const chunks = random.integer(1, 8);
      const text = Array.from({ length: chunks }, (_, index) => `chunk-${index}\n`).join('');
      return {
        method: 'GET',
        path: `/stream?chunks=${chunks}&ms=${random.integer(1, 20)}`,
        judge: (answer) => answers(answer, { status: 200, text }),
        counts: ANSWERED,
      };
    },
  },
  {
    name: 'slow',
    weight: 30,
    make: ({ random, limits: { timeoutMs } }) => ({
      method: 'GET',
      path: `/sleep?ms=${random.integer(50, Math.floor(timeoutMs / 2))}`,
      judge: (answer) => answers(answer, { status: 200, type: TEXT, text: 'slept' }),
      counts: ANSWERED,
    }),
  },
  {
    name: 'preflight',
    weight: 10,
    make: () => ({
      method: 'OPTIONS',
      path: '/echo',
      headers: { origin: 'http://example.org', 'access-control-request-method': 'PUT' },
      judge: (answer) => answers(answer, { status: 204, text: '' }),
      counts: REFUSED,
    }),
  },
];

/** No UTF-8 text has this byte: where text and bytes are one type, a few random bytes may pass for text. */
const NO_TEXT = Buffer.from([0xff]);

function bytes(id: string, random: Buffer): ReturnType<Kind['make']> {
  const body = Buffer.concat([Buffer.from(id), NO_TEXT, random]);
  return {
    method: 'PUT',
    path: '/echo',
    headers: { 'content-type': BYTES },
    body,
    judge: (answer) => answers(answer, { status: 200, type: BYTES, bytes: body }),
    counts: ANSWERED,
  };
}

function form(id: string, content: Buffer): ReturnType<Kind['make']> {
  const type = BYTES;
  const { headers, body } = multipart([
    { field: 'id', content: id },
    { field: 'file', content, filename: `${id}.bin`, type },
  ]);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const file = { field: 'file', filename: `${id}.bin`, type, size: content.length, sha256 };
  return {
    method: 'POST',
    path: '/multipart',
    headers,
    body,
    judge: (answer) => {
      const json = { fields: { id }, files: [file] };
      answers(answer, { status: 200, type: 'application/json', json });
    },
    counts: ANSWERED,
  };
}
