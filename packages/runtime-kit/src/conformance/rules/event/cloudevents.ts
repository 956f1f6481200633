import type { Case, Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, contains, equal, objectOf, show } from '../../testing/expect.js';
import type { Answer } from '../../testing/http.js';
import { attributesOf, describe } from './attributes.js';

const ATTRIBUTES = {
  specversion: '1.0',
  id: 'ce-4711',
  type: 'com.example.made',
  source: '/example/source',
  time: '2026-01-02T03:04:05Z',
  tenant: 'blue',
};

const EVENT = {
  'event-id': ATTRIBUTES.id,
  'event-type': ATTRIBUTES.type,
  'event-time': ATTRIBUTES.time,
  'event-namespace': ATTRIBUTES.source,
};

/** Other characters, no padding, white space, another alphabet, two of them, no text. */
const NO_BASE64 = ['***', 'aGk', 'aG k', 'aGk=\n', '_-8=', 'aGk=aGk=', 42, null];

/** A header cannot carry every character: the HTTP binding has them percent-encoded. */
const ENCODED = { subject: 'Grüße 100 % 😀' };

const BINARY_HEADERS = Object.fromEntries([
  ...Object.entries(ATTRIBUTES).map(([name, value]) => [`ce-${name}`, value]),
  ...Object.entries(ENCODED).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]),
]);

export const cloudEventRules: Rule[] = [
  {
    id: 'event.cloudevents-binary',
    statement: 'CloudEvents headers fill what the event headers leave out',
    profile: 'full',
    cases: [
      {
        name: 'attributes, and data by its content type',
        run: async (t) => {
          const described = await describe(t, {
            method: 'POST',
            headers: { ...BINARY_HEADERS, 'content-type': 'text/plain' },
            body: 'payload 😀',
          });
          equal(attributesOf(described), EVENT, 'attributes of the event');
          equal(described.data, 'payload 😀', 'event.data');
          const attributes = { ...ATTRIBUTES, ...ENCODED };
          equal(subset(described.cloudevent, attributes), attributes, 'extensions.cloudevent');
        },
      },
      {
        name: "the event's own headers come first",
        run: async (t) => {
          const headers = { ...BINARY_HEADERS, 'event-id': 'own-id' };
          const described = await describe(t, { headers });
          equal(attributesOf(described), { ...EVENT, 'event-id': 'own-id' }, 'attributes');
        },
      },
      {
        name: 'without ce headers there is no cloudevent',
        run: async (t) => equal((await describe(t, {})).cloudevent, null, 'extensions.cloudevent'),
      },
    ],
  },
  {
    id: 'event.cloudevents-structured',
    statement: 'application/cloudevents+json is unpacked: its attributes, data or data_base64',
    profile: 'full',
    cases: [
      {
        name: 'attributes and JSON data',
        run: async (t) => {
          const data = { a: [1, 'ü😀'] };
          const answer = await post(t, '/describe', { ...ATTRIBUTES, data });
          answers(answer, { status: 200 });
          const described = objectOf(answer);
          equal(attributesOf(described), EVENT, 'attributes of the event');
          equal(subset(described.cloudevent, ATTRIBUTES), ATTRIBUTES, 'extensions.cloudevent');
          const seen = described.data;
          const value = t.runtime.capabilities.data === 'text' ? JSON.parse(String(seen)) : seen;
          equal(value, data, 'event.data');
        },
      },
      {
        name: 'text data',
        run: async (t) => {
          const event = { ...ATTRIBUTES, datacontenttype: 'text/plain', data: 'plain 😀' };
          const answer = await post(t, '/describe', event);
          answers(answer, { status: 200 });
          equal(objectOf(answer).data, 'plain 😀', 'event.data');
        },
      },
      {
        name: 'data_base64 becomes bytes',
        run: async (t) => {
          const bytes = Buffer.from([0, 1, 2, 128, 254, 255]);
          const event = {
            ...ATTRIBUTES,
            datacontenttype: 'application/octet-stream',
            data_base64: bytes.toString('base64'),
          };
          answers(await post(t, '/echo', event), { status: 200, bytes });
        },
      },
      {
        name: 'a content type with parameters',
        run: async (t) => {
          const type = 'application/cloudevents+json; charset=utf-8';
          const answer = await post(t, '/describe', { ...ATTRIBUTES, data: 1 }, type);
          answers(answer, { status: 200 });
          equal(attributesOf(objectOf(answer)), EVENT, 'attributes of the event');
        },
      },
      ...(['id', 'type', 'source', 'specversion'] as const).map(missingAttribute),
      {
        name: 'data_base64 that is no base64 is 400',
        run: async (t) => {
          for (const data_base64 of NO_BASE64) {
            const answer = await post(t, '/describe', { ...ATTRIBUTES, data_base64 });
            answers(answer, { status: 400 });
            contains(
              answer.text(),
              'data_base64',
              `the answer to data_base64 ${show(data_base64)}`,
            );
          }
        },
      },
      {
        name: 'what is no JSON object is 400',
        run: async (t) => {
          answers(await post(t, '/describe', [ATTRIBUTES]), { status: 400 });
          answers(await post(t, '/describe', null), { status: 400 });
        },
      },
    ],
  },
];

function missingAttribute(name: keyof typeof ATTRIBUTES): Case {
  return {
    name: `without ${name} it is 400, and the answer says so`,
    run: async (t) => {
      const { [name]: _left, ...others } = ATTRIBUTES;
      const answer = await post(t, '/describe', { ...others, data: 1 });
      answers(answer, { status: 400 });
      contains(answer.text(), name, 'the body of the answer');
    },
  };
}

async function post(
  t: CaseContext,
  path: string,
  document: unknown,
  type = 'application/cloudevents+json',
): Promise<Answer> {
  const server = await t.shared();
  const headers = { 'content-type': type };
  return server.fetch(path, { method: 'POST', headers, body: JSON.stringify(document) });
}

/** Those members of a value that another has: a server may add attributes of its own making. */
function subset(value: unknown, of: object): Record<string, unknown> {
  const members = (value ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.keys(of).map((name) => [name, members[name]]));
}
