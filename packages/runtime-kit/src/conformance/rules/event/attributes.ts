import type { Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, equal, objectOf } from '../../testing/expect.js';
import type { FetchOptions } from '../../testing/http.js';

const EVENT_HEADERS = {
  'event-id': 'id-4711',
  'event-type': 'com.example.type',
  'event-time': '2026-01-02T03:04:05Z',
  'event-namespace': 'example.com',
};

const NO_ATTRIBUTES = {
  'event-id': null,
  'event-type': null,
  'event-time': null,
  'event-namespace': null,
};

export const attributeRules: Rule[] = [
  {
    id: 'event.headers',
    statement: 'event-id, -type, -time and -namespace come from the headers of those names',
    profile: 'full',
    cases: [
      {
        name: 'headers that are there',
        run: async (t) => {
          const described = await describe(t, { headers: EVENT_HEADERS });
          equal(attributesOf(described), EVENT_HEADERS, 'attributes of the event');
        },
      },
      {
        name: 'headers that are absent',
        run: async (t) => {
          const described = await describe(t, {});
          equal(attributesOf(described), NO_ATTRIBUTES, 'attributes of the event');
        },
      },
    ],
  },
  {
    id: 'event.request',
    statement: "extensions.request is the framework's own request",
    profile: 'full',
    cases: [
      {
        name: 'method, path, query and headers are readable and intact',
        run: async (t) => {
          const server = await t.shared();
          const path = '/describe/a%2Fb/%C3%BC%20x';
          const answer = await server.fetch(`${path}?x=1&x=2&y=%20z%26&empty=`, {
            method: 'PUT',
            headers: { 'X-Test-Header': 'Value 1', 'content-type': 'text/plain' },
            body: 'x',
          });
          answers(answer, { status: 200 });
          const { method, path: seen, query, headers } = objectOf(answer);
          equal(method, 'PUT', 'method');
          equal(seen, path, 'path');
          equal(query, 'x=1&x=2&y=%20z%26&empty=', 'query');
          const value = (headers as Record<string, unknown>)['x-test-header'];
          equal(value, 'Value 1', 'header x-test-header');
        },
      },
    ],
  },
  {
    id: 'event.context',
    statement: 'context carries function name, timeout, runtime and memory limit',
    profile: 'full',
    cases: [
      {
        name: 'the four values of the environment',
        run: async (t) => {
          const server = await t.start({
            env: {
              KUBELESS_FUNC_NAME: 'another-name',
              FUNC_TIMEOUT: '42',
              FUNC_RUNTIME: 'runtime-4711',
              FUNC_MEMORY_LIMIT: '123Mi',
            },
          });
          const { context } = objectOf(await server.fetch('/describe'));
          const seen = context as Record<string, unknown>;
          equal(
            { ...seen, timeout: Number(seen.timeout) },
            {
              'function-name': t.runtime.handler,
              timeout: 42,
              runtime: 'runtime-4711',
              'memory-limit': '123Mi',
            },
            'context',
          );
        },
      },
      {
        name: 'a timeout of 180 s where FUNC_TIMEOUT is unset',
        run: async (t) => {
          const described = await describe(t, {});
          const { timeout } = described.context as { timeout?: unknown };
          equal(Number(timeout), 180, 'timeout of the context');
        },
      },
    ],
  },
];

export async function describe(
  t: CaseContext,
  options: FetchOptions,
): Promise<Record<string, unknown>> {
  const answer = await (await t.shared()).fetch('/describe', options);
  answers(answer, { status: 200 });
  return objectOf(answer);
}

export function attributesOf(described: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(NO_ATTRIBUTES).map((name) => [name, described[name]]));
}
