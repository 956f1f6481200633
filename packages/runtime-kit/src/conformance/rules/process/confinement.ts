import { randomBytes } from 'node:crypto';
import type { Case, Rule } from '../../rule.js';
import { answers, check, equal } from '../../testing/expect.js';
import { multipart } from '../../testing/multipart.js';

/** OpenShift gives each namespace uids of its own, with no name and group 0. */
const ARBITRARY_USERS = ['12345', '100001', '100001:0'];

export const confinementRules: Rule[] = [
  {
    id: 'process.user',
    statement: 'Runs as uid 1000 by default and as any other uid without a name',
    profile: 'full',
    cases: [
      {
        name: 'the image says USER 1000, in digits',
        needs: ['container'],
        run: async (t) => {
          const { user } = t.image;
          check(/^1000(:\d+)?$/.test(user), `USER of the image: expected 1000, got "${user}"`);
        },
      },
      ...ARBITRARY_USERS.map(asUser),
    ],
  },
  {
    id: 'process.readonly',
    statement: 'Runs with a read-only root, no capabilities, no new privileges, only /tmp writable',
    profile: 'full',
    cases: [
      {
        name: 'serves text, bytes and files',
        needs: ['container'],
        run: async (t) => {
          const server = await t.start({ container: { hardened: true } });
          const bytes = randomBytes(300_000);
          const echoed = await server.fetch('/echo', {
            method: 'POST',
            headers: { 'content-type': 'application/octet-stream' },
            body: bytes,
          });
          answers(echoed, { status: 200, bytes });
          const { body, headers } = multipart([
            { field: 'file', filename: 'a.bin', type: 'application/octet-stream', content: bytes },
          ]);
          const sent = await server.fetch('/multipart', { method: 'POST', headers, body });
          answers(sent, { status: 200 });
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
          answers(await server.fetch('/metrics'), { status: 200 });
        },
      },
      {
        name: 'serves as uid 12345 too',
        needs: ['container'],
        run: async (t) => {
          const server = await t.start({ container: { hardened: true, user: '12345' } });
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
      {
        name: 'starts from a read-only ConfigMap mount',
        needs: ['container'],
        run: async (t) => {
          const server = await t.start({ layout: 'configmap', container: { hardened: true } });
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
];

function asUser(user: string): Case {
  return {
    name: `serves as ${user}`,
    needs: ['container'],
    run: async (t) => {
      const server = await t.start({ container: { user } });
      answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
      const { status } = await server.fetch('/metrics');
      equal(status, 200, 'status of GET /metrics');
    },
  };
}
