import type { Case, Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, contains, equal, objectOf } from '../../testing/expect.js';
import { ONE_ORIGIN, RESTRICTED, WITHOUT_CORS } from '../../testing/settings.js';
import { expectNotCalled, printing } from './not-called.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Paths that look like a server's own but are the function's, and paths with encoded parts. */
const PATHS = [
  '/describe/metrics',
  '/describe/healthz',
  '/describe/a/b.c/d-e_f~g',
  '/describe/%2Fa%3Fb%23c%25',
  '/describe/%E2%82%AC/%20',
  "/describe/!$&'()*+,;=:@",
  '/describe/',
];

const NOT_PROBES = ['/healthz/more', '/healthzz', '/metrics/more', '/metricsx', '/Healthz'];

export const requestRules: Rule[] = [
  {
    id: 'answer.methods',
    statement: 'Every method and every path but /healthz and /metrics reaches the function',
    profile: 'full',
    cases: [
      ...METHODS.map(methodCase),
      {
        name: 'HEAD, without a body',
        run: async (t) => {
          const server = await t.shared();
          answers(await server.fetch('/hello', { method: 'HEAD' }), { status: 200, text: '' });
          const socket = await server.raw();
          await socket.write('HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
          const { text } = await socket.wait(3000, ({ closed }) => closed);
          const [, body = ''] = text.split('\r\n\r\n');
          equal(body, '', 'what follows the head of an answer to HEAD');
        },
      },
      {
        name: 'paths come as they were sent',
        run: async (t) => {
          const server = await t.shared();
          for (const path of PATHS) {
            const answer = await server.fetch(`${path}?q=%2F+%20&q=2`);
            answers(answer, { status: 200 });
            const { path: seen, query } = objectOf(answer);
            equal(seen, path, 'path that the function saw');
            equal(query, 'q=%2F+%20&q=2', 'query that the function saw');
          }
        },
      },
      {
        name: 'paths that only begin like a probe',
        run: async (t) => {
          const server = await t.shared();
          for (const path of NOT_PROBES)
            answers(await server.fetch(path), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
  {
    id: 'answer.cors',
    statement: 'Answers carry Access-Control-Allow-Origin; a preflight is answered 204',
    profile: 'full',
    cases: [
      {
        name: 'an answer allows every origin',
        run: async (t) => {
          const headers = { origin: 'https://page.example' };
          const answer = await (await t.shared()).fetch('/hello', { headers });
          answers(answer, { status: 200, headers: { 'access-control-allow-origin': '*' } });
        },
      },
      { name: 'a preflight is answered for the function', run: preflight },
      {
        name: 'an error can be read by the page too',
        run: async (t) => {
          const headers = { origin: 'https://page.example' };
          const answer = await (await t.shared()).fetch('/throw', { headers });
          answers(answer, { status: 500, headers: { 'access-control-allow-origin': '*' } });
        },
      },
      {
        name: 'CORS_ORIGIN names one origin',
        run: async (t) => {
          const server = await t.shared(RESTRICTED);
          const answer = await server.fetch('/hello', { headers: { origin: ONE_ORIGIN } });
          answers(answer, { headers: { 'access-control-allow-origin': ONE_ORIGIN } });
        },
      },
      {
        name: 'CORS_ORIGIN=off says nothing, and OPTIONS is the function’s',
        run: async (t) => {
          const server = await t.shared(WITHOUT_CORS);
          const headers = { origin: 'https://x.example', 'access-control-request-method': 'PUT' };
          const answer = await server.fetch('/describe', { method: 'OPTIONS', headers });
          answers(answer, { status: 200 });
          equal(answer.header('access-control-allow-origin'), undefined, 'Allow-Origin');
        },
      },
    ],
  },
];

function methodCase(method: string): Case {
  return {
    name: method,
    run: async (t) => {
      const answer = await (await t.shared()).fetch('/describe', { method });
      answers(answer, { status: 200 });
      equal(objectOf(answer).method, method, 'method that the function saw');
    },
  };
}

async function preflight(t: CaseContext): Promise<void> {
  const server = await t.shared();
  const mark = t.mark();
  const answer = await server.fetch(printing(mark), {
    method: 'OPTIONS',
    headers: {
      origin: 'https://page.example',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'content-type, x-own-header',
    },
  });
  answers(answer, {
    status: 204,
    text: '',
    headers: { 'access-control-allow-origin': '*' },
  });
  const list = (name: string): string[] =>
    (answer.header(name) ?? '').split(',').map((value) => value.trim());
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'])
    check(list('access-control-allow-methods').includes(method), `${method} is not allowed`);
  const headers = list('access-control-allow-headers').map((name) => name.toLowerCase());
  contains(headers.join(' '), /content-type.*x-own-header/, 'access-control-allow-headers');
  await expectNotCalled(t, server, mark);
}
