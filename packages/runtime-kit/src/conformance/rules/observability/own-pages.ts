import type { CaseContext } from '../../testing/context.js';
import { answers, equal } from '../../testing/expect.js';

const OTHER_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A page of the server's own, such as `/healthz`: it can be read, and nothing can be done to it. */
export async function expectOnlyReads(t: CaseContext, path: string): Promise<void> {
  const server = await t.shared();
  const head = await server.fetch(path, { method: 'HEAD' });
  answers(head, { status: 200 });
  equal(head.body.length, 0, `length of the body of HEAD ${path}`);
  for (const method of OTHER_METHODS)
    answers(await server.fetch(path, { method }), {
      status: 405,
      type: 'text/plain; charset=utf-8',
      text: 'Method Not Allowed',
      headers: { allow: 'GET, HEAD' },
    });
}
