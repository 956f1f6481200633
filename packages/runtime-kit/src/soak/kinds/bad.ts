import { answers, contains } from '../../conformance/testing/expect.js';
import { type Kind, REFUSED } from '../call.js';

const TEXT = 'text/plain; charset=utf-8';

/** Requests that are refused before they reach the function. */
export const badKinds: Kind[] = [
  {
    name: 'bad json',
    weight: 30,
    make: ({ id, random }) => ({
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': 'application/json' },
      body: random.pick([`{"id": "${id}"`, `{"id": ${id}}`, `["${id}",]`, `"${id}`]),
      judge: (answer) => {
        answers(answer, { status: 400, type: TEXT });
        contains(answer.text(), 'Malformed JSON: ', 'body of the refusal');
      },
      counts: REFUSED,
    }),
  },
  {
    name: 'bad cloudevent',
    weight: 10,
    make: ({ id }) => ({
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ specversion: '1.0', id, source: '/soak' }),
      judge: (answer) => answers(answer, { status: 400, type: TEXT }),
      counts: REFUSED,
    }),
  },
  {
    // The server need not read such a body: the connection may break while it is sent.
    name: 'too large',
    weight: 6,
    make: ({ random, limits: { bodyBytes } }) => ({
      method: 'PUT',
      path: '/echo',
      headers: { 'content-type': TEXT },
      body: random.bytes(bodyBytes + random.integer(1, bodyBytes / 2)),
      judge: (answer) => {
        answers(answer, { status: 413, type: TEXT });
        contains(answer.text(), 'Request body exceeds REQ_MB_LIMIT=', 'body of the refusal');
      },
      mayBreak: true,
      counts: REFUSED,
    }),
  },
];
