import { createHash, randomBytes } from 'node:crypto';
import type { Case, Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, equal, objectOf } from '../../testing/expect.js';
import { multipart } from '../../testing/multipart.js';
import { expectNotCalled, printing } from '../answer/not-called.js';

const DOCUMENT = '{"a":1,"b":["x",null,true],"c":"ü😀","d":{"e":-1.5e3}}';
const JSON_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON;charset="UTF-8"',
  'application/problem+json',
  'application/vnd.api+json; version=1',
];
const JSON_VALUES = ['[1,"two",null]', '42', '"text"', 'false', '{}', '[]', '""'];

const TEXTS: { type: string | undefined; bytes: Buffer; text: string }[] = [
  { type: 'text/plain', bytes: Buffer.from('grüße 😀\n'), text: 'grüße 😀\n' },
  { type: undefined, bytes: Buffer.from('no type 😀'), text: 'no type 😀' },
  { type: 'text/html; charset=utf-8', bytes: Buffer.from('<p>é</p>'), text: '<p>é</p>' },
  { type: 'text/csv', bytes: Buffer.from('a,b\r\n1,2\r\n'), text: 'a,b\r\n1,2\r\n' },
  { type: 'text/plain; charset=iso-8859-1', bytes: Buffer.from([0x63, 0xe9]), text: 'cé' },
  { type: 'text/plain; charset="ISO-8859-1"', bytes: Buffer.from([0xfc]), text: 'ü' },
  { type: 'text/plain;charset=windows-1252', bytes: Buffer.from([0x80, 0x31]), text: '€1' },
  { type: 'text/plain; charset=utf-16le', bytes: Buffer.from('h😀', 'utf16le'), text: 'h😀' },
  {
    type: 'application/x-www-form-urlencoded',
    bytes: Buffer.from('a=1&b=%C3%BC+x'),
    text: 'a=1&b=%C3%BC+x',
  },
];

/** As the header names them: refusals say the name as it was sent. */
const UNKNOWN_CHARSETS = ['nonsense', '"X-Nonsense"'];
/** Text of a kind, but of types that are not text: an XML document says its own encoding. */
const BINARY_TYPES = [
  'application/octet-stream',
  'image/png',
  'application/x-protobuf',
  'application/xml',
  'image/svg+xml',
  'application/javascript',
  'application/yaml',
];

const EVERY_BYTE = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));

export const dataRules: Rule[] = [
  {
    id: 'event.json',
    statement: 'A body of type application/json or any +json is parsed',
    profile: 'full',
    cases: [
      ...JSON_TYPES.map(jsonType),
      { name: 'values of every kind', run: jsonValues },
      {
        name: 'a byte order mark before it is passed over',
        run: async (t) => {
          const body = Buffer.from(`\ufeff${DOCUMENT}`);
          await expectData(t, 'application/json', body, jsonData(t, DOCUMENT));
        },
      },
    ],
  },
  {
    id: 'event.text',
    statement: 'Text, a form, or a body without a type is a string, its charset honoured',
    profile: 'full',
    cases: [
      ...TEXTS.map(({ type, bytes, text }) => ({
        name: type ?? 'no content type',
        run: async (t: CaseContext) => expectData(t, type, bytes, { dataType: 'text', data: text }),
      })),
      ...UNKNOWN_CHARSETS.map(unknownCharset),
    ],
  },
  {
    id: 'event.binary',
    statement: 'Any other body is the raw bytes',
    profile: 'full',
    cases: [
      ...BINARY_TYPES.map(binaryType),
      {
        name: '700,000 random bytes come back from an echo',
        run: async (t) => {
          const bytes = randomBytes(700_000);
          const server = await t.shared();
          const headers = { 'content-type': 'application/octet-stream' };
          answers(await server.fetch('/echo', { method: 'POST', headers, body: bytes }), {
            status: 200,
            bytes,
          });
        },
      },
      {
        name: 'the same, sent in chunks',
        run: async (t) => {
          const server = await t.shared();
          const headers = { 'content-type': 'application/octet-stream' };
          const body = inPieces(EVERY_BYTE, 100);
          answers(await server.fetch('/echo', { method: 'POST', headers, body }), {
            status: 200,
            bytes: EVERY_BYTE,
          });
        },
      },
    ],
  },
  {
    id: 'event.empty',
    statement: "No body is the language's nothing",
    profile: 'full',
    cases: [
      { name: 'GET', run: (t) => expectNothing(t, 'GET', {}) },
      {
        name: 'POST with no body',
        run: (t) => expectNothing(t, 'POST', { 'content-length': '0' }),
      },
      {
        name: 'POST of an empty JSON body',
        run: (t) =>
          expectNothing(t, 'POST', { 'content-length': '0', 'content-type': 'application/json' }),
      },
    ],
  },
  {
    id: 'event.multipart',
    statement: 'A multipart body is left to the usual tools of the language',
    profile: 'full',
    cases: [
      { name: 'fields and a file', run: multipartFile },
      { name: 'a file of 3 MiB, above REQ_MB_LIMIT', run: bigFile },
    ],
  },
];

function jsonType(type: string): Case {
  return {
    name: type,
    run: async (t) => expectData(t, type, Buffer.from(DOCUMENT), jsonData(t, DOCUMENT)),
  };
}

async function jsonValues(t: CaseContext): Promise<void> {
  for (const text of JSON_VALUES)
    await expectData(t, 'application/json', Buffer.from(text), jsonData(t, text));
}

/** What a JSON text becomes in this language. */
function jsonData(t: CaseContext, text: string): { dataType?: string; data: unknown } {
  if (t.runtime.capabilities.data === 'text') return { data: text };
  const data: unknown = JSON.parse(text);
  return typeof data === 'string' ? { data } : { dataType: 'json', data };
}

function unknownCharset(charset: string): Case {
  return {
    name: `the charset ${charset} is refused with 415, and the function not called`,
    run: async (t) => {
      const server = await t.shared();
      const mark = t.mark();
      const headers = { 'content-type': `text/plain; charset=${charset}` };
      const answer = await server.fetch(printing(mark), { method: 'POST', headers, body: 'x' });
      const text = `Unsupported charset: ${charset.replaceAll('"', '')}`;
      answers(answer, { status: 415, type: 'text/plain; charset=utf-8', text });
      await expectNotCalled(t, server, mark);
    },
  };
}

function binaryType(type: string): Case {
  return {
    name: type,
    run: async (t) =>
      expectData(t, type, EVERY_BYTE, { dataType: 'bytes', data: EVERY_BYTE.toString('base64') }),
  };
}

async function expectData(
  t: CaseContext,
  type: string | undefined,
  body: Buffer,
  expected: { dataType?: string; data: unknown },
): Promise<void> {
  const server = await t.shared();
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await server.fetch('/describe', { method: 'POST', headers, body });
  answers(answer, { status: 200 });
  const described = objectOf(answer);
  equal(described.data, expected.data, `event.data of a ${type ?? 'typeless'} body`);
  if (expected.dataType !== undefined)
    equal(
      described.dataType,
      expected.dataType,
      `type of event.data of a ${type ?? 'typeless'} body`,
    );
}

async function expectNothing(
  t: CaseContext,
  method: string,
  headers: Record<string, string>,
): Promise<void> {
  const answer = await (await t.shared()).fetch('/describe', { method, headers });
  answers(answer, { status: 200 });
  const { data, dataType } = objectOf(answer);
  if (t.runtime.capabilities.data === 'text')
    check(data === '' || data === null, `event.data: expected an empty string, got ${data}`);
  else equal({ data, dataType }, { data: null, dataType: 'none' }, 'event.data without a body');
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function multipartFile(t: CaseContext): Promise<void> {
  const { headers, body } = multipart([
    { field: 'title', content: 'grüße 😀' },
    { field: 'upload', filename: 'every.bin', type: 'application/x-thing', content: EVERY_BYTE },
  ]);
  const answer = await (await t.shared()).fetch('/multipart', { method: 'POST', headers, body });
  answers(answer, {
    status: 200,
    json: {
      fields: { title: 'grüße 😀' },
      files: [
        {
          field: 'upload',
          filename: 'every.bin',
          type: 'application/x-thing',
          size: EVERY_BYTE.length,
          sha256: sha256(EVERY_BYTE),
        },
      ],
    },
  });
}

async function bigFile(t: CaseContext): Promise<void> {
  const content = randomBytes(3 * 2 ** 20);
  const { headers, body } = multipart([
    { field: 'upload', filename: 'big.bin', type: 'application/octet-stream', content },
  ]);
  const answer = await (await t.shared()).fetch('/multipart', { method: 'POST', headers, body });
  answers(answer, { status: 200 });
  const { files } = objectOf(answer) as { files?: { sha256?: string }[] };
  equal(files?.[0]?.sha256, sha256(content), 'sha256 of the file that the function got');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
