import type { Case, Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, contains, lacks } from '../../testing/expect.js';
import { multipart } from '../../testing/multipart.js';
import { until } from '../../testing/poll.js';
import { RESTRICTED, WITHOUT_CORS } from '../../testing/settings.js';
import { type LargeBody, sendBody } from './large-bodies.js';
import { expectNotCalled, printing } from './not-called.js';

const MIB = 1024 * 1024;
const PLAIN = 'text/plain; charset=utf-8';

const BAD_JSON: Record<string, string> = {
  'an object without its end': '{"a":',
  'text behind the value': '{"a":1} x',
  'a word': 'hello',
  'single quotes': "{'a':1}",
  'a trailing comma': '[1,2,]',
  'NaN, which JSON has not': '{"a":NaN}',
};

export const errorRules: Rule[] = [
  {
    id: 'answer.error',
    statement: 'A thrown error answers 500 and leaks nothing; the stack goes to stderr',
    profile: 'full',
    cases: [
      thrown('/throw'),
      thrown('/async-throw'),
      {
        name: 'an error of the framework keeps its status and text',
        run: async (t) => {
          const answer = await (await t.shared()).fetch('/throw-status');
          answers(answer, { status: 418 });
          contains(answer.text(), 'teapot', 'body');
        },
      },
    ],
  },
  {
    id: 'answer.bad-json',
    statement: 'Malformed JSON answers 400 with a reason; the function is not called',
    profile: 'full',
    cases: [
      ...Object.entries(BAD_JSON).map(([name, body]) => badJson(name, 'application/json', body)),
      badJson('a +json type', 'application/problem+json; charset=utf-8', '{'),
    ],
  },
  {
    id: 'answer.too-large',
    statement: 'A body over REQ_MB_LIMIT answers 413, also when chunked, without reading it all',
    profile: 'full',
    cases: [
      {
        name: 'exactly 1 MiB is taken, with a length and in chunks',
        run: async (t) => {
          const server = await t.shared();
          for (const chunked of [false, true]) {
            const { status, text } = await sendBody(server, { size: MIB, chunked });
            check(status === 200, `1 MiB${chunked ? ' in chunks' : ''}: got ${status} ${text}`);
          }
        },
      },
      tooLarge('1 MiB and a byte', { size: MIB + 1, chunked: false }),
      tooLarge('1 MiB and a byte in chunks', { size: MIB + 1, chunked: true }),
      tooLarge('chunks that never end', { size: MIB + 1, chunked: true, endless: true }),
      {
        name: 'a length of 1 GiB is answered before the body comes',
        run: async (t) => {
          const socket = await (await t.shared()).raw();
          await socket.write(
            'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1073741824\r\n\r\n',
          );
          const { status } = await socket.answered(3000);
          socket.close();
          check(status === 413, `expected 413 before any of the body was sent, got ${status}`);
        },
      },
      {
        name: 'REQ_MB_LIMIT moves the limit',
        run: async (t) => {
          const server = await t.shared(RESTRICTED);
          const inside = await sendBody(server, { size: 2 * MIB, chunked: false });
          check(inside.status === 200, `2 MiB with REQ_MB_LIMIT=2: got ${inside.status}`);
          const outside = await sendBody(server, { size: 2 * MIB + 1, chunked: false });
          check(outside.status === 413, `2 MiB + 1 with REQ_MB_LIMIT=2: got ${outside.status}`);
          contains(outside.text, 'REQ_MB_LIMIT=2', 'the answer');
        },
      },
      {
        name: 'a multipart body has REQ_MULTIPART_MB_LIMIT',
        run: async (t) => {
          const server = await t.shared(WITHOUT_CORS);
          const content = Buffer.alloc(2 * MIB, 'x');
          const { headers } = multipart([{ field: 'f', filename: 'f', content }]);
          const type = headers['content-type'] ?? '';
          for (const chunked of [false, true]) {
            const { status, text } = await sendBody(server, { size: 2 * MIB + 1, chunked, type });
            check(status === 413, `multipart over its limit, chunked ${chunked}: got ${status}`);
            contains(text, 'REQ_MULTIPART_MB_LIMIT=2', 'the answer');
          }
        },
      },
    ],
  },
];

function thrown(path: string): Case {
  return {
    name: `${path} shows a fixed text, the log the error`,
    run: async (t) => {
      const server = await t.shared(WITHOUT_CORS);
      const before = (await server.log()).stderr.length;
      const answer = await server.fetch(path);
      answers(answer, { status: 500, type: PLAIN, text: 'Internal Server Error' });
      lacks(JSON.stringify(answer.headers), 'secret-4711', 'the headers');
      let stderr = '';
      await until(
        'the error in stderr',
        2000,
        async () => {
          stderr = (await server.log()).stderr.slice(before);
          return stderr.includes('secret-4711');
        },
        () => `stderr: ${stderr}`,
      );
      const { module, suffix } = t.runtime;
      contains(stderr, `${module}${suffix}`, 'the stack in stderr');
    },
  };
}

function badJson(name: string, type: string, body: string): Case {
  return {
    name,
    run: async (t: CaseContext) => {
      const server = await t.shared();
      const mark = t.mark();
      const answer = await server.fetch(printing(mark), {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      answers(answer, { status: 400, type: PLAIN });
      contains(answer.text(), /^Malformed JSON: \S/, 'body');
      await expectNotCalled(t, server, mark);
    },
  };
}

function tooLarge(name: string, body: LargeBody): Case {
  return {
    name,
    run: async (t) => {
      const server = await t.shared();
      const mark = t.mark();
      const { status, text } = await sendBody(server, { ...body, path: printing(mark) });
      check(status === 413, `expected 413, got ${status} ${text.slice(0, 200)}`);
      contains(text, 'Request body exceeds REQ_MB_LIMIT=1 MiB', 'the answer');
      await expectNotCalled(t, server, mark);
    },
  };
}
