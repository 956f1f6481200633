import type { Case, Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, contains, equal, inTime, lacks, show } from '../../testing/expect.js';
import type { Answer } from '../../testing/http.js';

const PLAIN = 'text/plain; charset=utf-8';

const JSON_VALUES: Record<string, unknown> = {
  object: { a: 1, b: ['x', null, true], c: 'ü😀' },
  list: [1, 'two', null],
  number: 42,
  boolean: false,
};

export const valueRules: Rule[] = [
  {
    id: 'answer.string',
    statement: 'A string answers 200 text/plain; charset=utf-8',
    profile: 'full',
    cases: [
      {
        name: 'a string',
        run: async (t) =>
          answers(await get(t, '/hello'), { status: 200, type: PLAIN, text: 'hello world' }),
      },
      {
        name: 'a string beyond ASCII, its length in bytes',
        run: async (t) => {
          const text = 'ü😀';
          const answer = await get(t, `/id?id=${encodeURIComponent(text)}`);
          answers(answer, { status: 200, type: PLAIN, text });
          const length = answer.header('content-length');
          if (length !== undefined)
            equal(Number(length), Buffer.byteLength(text), 'content-length');
        },
      },
    ],
  },
  {
    id: 'answer.json',
    statement: 'An object, list, number or boolean answers application/json',
    profile: 'full',
    cases: Object.entries(JSON_VALUES).map(([kind, json]) => ({
      name: kind,
      run: async (t) =>
        answers(await get(t, `/json?kind=${kind}`), {
          status: 200,
          type: 'application/json',
          json,
        }),
    })),
  },
  {
    id: 'answer.bytes',
    statement: 'Bytes answer application/octet-stream, byte for byte',
    profile: 'full',
    cases: [
      {
        name: 'the 256 bytes',
        run: async (t) =>
          answers(await get(t, '/bytes'), {
            status: 200,
            type: 'application/octet-stream',
            bytes: Uint8Array.from({ length: 256 }, (_, byte) => byte),
          }),
      },
    ],
  },
  {
    id: 'answer.empty',
    statement: 'Nothing answers 200 with an empty body',
    profile: 'full',
    cases: [
      {
        name: 'nothing',
        run: async (t) => answers(await get(t, '/nothing'), { status: 200, text: '' }),
      },
      {
        name: 'the echo of no body',
        run: async (t) => {
          const answer = await (await t.shared()).fetch('/echo', { method: 'POST' });
          answers(answer, { status: 200, text: '' });
        },
      },
    ],
  },
  {
    id: 'answer.async',
    statement: 'Promises, coroutines and other futures are awaited',
    profile: 'full',
    cases: [
      {
        name: 'one that is fulfilled',
        run: async (t) => answers(await get(t, '/async'), { status: 200, text: 'awaited' }),
      },
      {
        name: 'one that fails is a thrown error',
        run: async (t) => {
          const answer = await get(t, '/async-throw');
          answers(answer, { status: 500, text: 'Internal Server Error' });
        },
      },
    ],
  },
  {
    id: 'answer.stream',
    statement: 'A function can stream: the first chunk arrives before the last is made',
    profile: 'full',
    cases: [
      { name: 'chunks arrive as they are made', run: streams },
      {
        name: 'a stream of one chunk',
        run: async (t) =>
          answers(await get(t, '/stream?chunks=1&ms=1'), { status: 200, text: 'chunk-0\n' }),
      },
      { name: 'a source that fails ends the connection, not the body', run: failingStream },
    ],
  },
  {
    id: 'answer.custom',
    statement: 'A function can set status, headers and content type',
    profile: 'full',
    cases: [customAnswer(), redirectAnswer()],
  },
];

async function get(t: CaseContext, path: string): Promise<Answer> {
  return (await t.shared()).fetch(path);
}

async function streams(t: CaseContext): Promise<void> {
  const answer = await get(t, '/stream?chunks=4&ms=250');
  answers(answer, { status: 200, text: 'chunk-0\nchunk-1\nchunk-2\nchunk-3\n' });
  const [first] = answer.arrivals;
  const firstMs = Math.round(first?.atMs ?? answer.durationMs);
  const lastMs = Math.round(answer.durationMs);
  // A client that has no processor for as long gets them in one piece, too.
  inTime(
    first?.text === 'chunk-0\n' && lastMs - firstMs >= 500,
    `the first piece that arrived was ${show(first?.text)} at ${firstMs} ms, the last at ${lastMs} ms`,
  );
}

/** The head is out already: only a broken connection tells the client that the body is not whole. */
async function failingStream(t: CaseContext): Promise<void> {
  const server = await t.shared();
  const answer = await server.fetch('/stream-throw');
  lacks(answer.text(), 'secret-4711', 'body of a stream that failed');
  check(
    answer.truncated || answer.status === 500,
    `a stream that failed looks complete: ${answer.status} with body "${answer.text()}"`,
  );
  answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
}

function customAnswer(): Case {
  return {
    name: 'status, a header, content type and body',
    run: async (t) =>
      answers(await get(t, '/custom'), {
        status: 201,
        type: 'text/csv; charset=utf-8',
        headers: { 'x-custom': 'yes' },
        text: 'a,b\n',
      }),
  };
}

function redirectAnswer(): Case {
  return {
    name: 'a redirect with two cookies',
    run: async (t) => {
      const answer = await get(t, '/redirect');
      answers(answer, { status: 302 });
      contains(answer.header('location') ?? '', /(^|[^/]\/)hello$|^\/hello$/, 'header location');
      const cookies = answer.headers
        .filter(([name]) => name.toLowerCase() === 'set-cookie')
        .map(([, value]) => value.split(';')[0]);
      equal(cookies, ['a=1', 'b=2'], 'header lines set-cookie');
    },
  };
}
