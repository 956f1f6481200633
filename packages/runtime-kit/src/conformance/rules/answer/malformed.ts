import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, show } from '../../testing/expect.js';

const ANSWER_WITHIN_MS = 5000;
/** Headers that trickle in are cut off within this time. */
const SLOW_LIMIT_MS = 25_000;

const HEAD = 'GET /hello HTTP/1.1\r\nHost: x\r\n';

const MALFORMED: Record<string, string> = {
  'no request line': 'GARBAGE\r\n\r\n',
  'binary instead of a request': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
  'a version that does not exist': 'GET /hello HTTP/9.9\r\nHost: x\r\n\r\n',
  'no Host in HTTP/1.1': 'GET /hello HTTP/1.1\r\nX-Header: a\r\n\r\n',
  'two Hosts': `${HEAD}Host: y\r\n\r\n`,
  'the same Host twice': `${HEAD}host: x\r\n\r\n`,
  'a header without a colon': `${HEAD}NoColonHere\r\n\r\n`,
  'a space before the colon': `${HEAD}X-Header : value\r\n\r\n`,
  'a NUL in a header': `${HEAD}X-Header: a\0b\r\n\r\n`,
  'a header of 64 KiB': `${HEAD}X-Long: ${'x'.repeat(64 * 1024)}\r\n\r\n`,
  'headers of 64 KiB together': `${HEAD}${Array.from({ length: 64 }, (_, i) => `X-${i}: ${'y'.repeat(1020)}\r\n`).join('')}\r\n`,
  'a content-length that is no number': post('Content-Length: abc\r\n', 'xxx'),
  'a negative content-length': post('Content-Length: -1\r\n', ''),
  'two content-lengths that differ': post('Content-Length: 3\r\nContent-Length: 5\r\n', 'xxxxx'),
  'a chunk size that is no number': post('Transfer-Encoding: chunked\r\n', 'zz\r\nxx\r\n0\r\n\r\n'),
};

export const malformedRules: Rule[] = [
  {
    id: 'answer.bad-http',
    statement: 'Malformed HTTP gets 4xx or a closed connection, and others go on being served',
    profile: 'full',
    cases: [
      ...Object.entries(MALFORMED).map(([name, bytes]) => malformed(name, bytes)),
      {
        name: 'a body shorter than its content-length',
        run: async (t) => {
          const server = await target(t);
          const socket = await server.raw();
          await socket.write(post('Content-Length: 100\r\n', 'short'));
          await sleep(200);
          socket.close();
          await servesOthers(server);
        },
      },
      {
        name: 'a body longer than its content-length is not taken for a request',
        run: async (t) => {
          const server = await target(t);
          const socket = await server.raw();
          await socket.write(post('Content-Length: 3\r\n', 'xxxNOT A REQUEST\r\n\r\n'));
          const { text, closed } = await socket.wait(ANSWER_WITHIN_MS, (now) => now.closed);
          const answersTo = text.match(/^HTTP\/1\.1 \d{3}/gm) ?? [];
          const second = answersTo[1];
          check(
            closed && (second === undefined || second.startsWith('HTTP/1.1 4')),
            `closed: ${closed}, answers: ${show(answersTo)}`,
          );
          await servesOthers(server);
        },
      },
      {
        name: 'headers that never end do not hold a connection for ever',
        limit: 40,
        run: slowHeaders,
      },
    ],
  },
];

/** A server for these cases alone: one of them may be its end. */
function target(t: CaseContext): Promise<Server> {
  return t.shared({}, 'malformed');
}

function post(headers: string, body: string): string {
  return `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n${headers}\r\n${body}`;
}

function malformed(name: string, bytes: string): Case {
  return {
    name,
    run: async (t) => {
      const server = await target(t);
      const socket = await server.raw();
      await socket.write(bytes);
      const { status, closed, text } = await socket.answered(ANSWER_WITHIN_MS);
      socket.close();
      const refused = status === undefined ? closed : isRefusal(status, bytes);
      check(
        refused,
        `expected 4xx or a closed connection, got ${closed ? 'closed' : 'open'} ${show(text)}`,
      );
      await servesOthers(server);
    },
  };
}

/** 505 is HTTP's own word for a version that the server does not speak, and for nothing else. */
function isRefusal(status: number, bytes: string): boolean {
  return (status >= 400 && status < 500) || (status === 505 && bytes.includes('HTTP/9.9'));
}

async function slowHeaders(t: CaseContext): Promise<void> {
  const server = await target(t);
  const socket = await server.raw();
  await socket.write('GET /hello HTTP/1.1\r\nHost: x\r\n');
  const end = Date.now() + SLOW_LIMIT_MS;
  let index = 0;
  while (!socket.received().closed && Date.now() < end) {
    await socket.write(`X-${index++}: y\r\n`);
    await sleep(500);
  }
  const { closed, status } = socket.received();
  socket.close();
  check(closed, `headers trickled in for ${SLOW_LIMIT_MS / 1000} s and the connection is open`);
  check(status === undefined || isRefusal(status, ''), `got status ${status}`);
  await servesOthers(server);
}

async function servesOthers(server: Server): Promise<void> {
  answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
}
