import type { Rule } from '../../rule.js';
import { answers, check, contains } from '../../testing/expect.js';

export const functionRules: Rule[] = [
  {
    id: 'function.mount',
    statement: 'Loads from a ConfigMap-shaped mount, with helpers and dependencies',
    profile: 'full',
    cases: [
      {
        name: 'a function behind the links of a ConfigMap',
        run: async (t) => {
          const server = await t.start({ layout: 'configmap' });
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
      {
        name: 'with a helper module beside it',
        run: async (t) => {
          const server = await t.start({ fixture: 'with-helper', layout: 'configmap' });
          answers(await server.fetch('/'), { status: 200, text: 'from the helper' });
        },
      },
      {
        name: 'with dependencies installed on the same volume',
        inapplicable: ({ phases }) =>
          phases.installation ? undefined : 'the manifest has no installation phase',
        needs: ['container'],
        limit: 180,
        run: async (t) => {
          const server = await t.start(await t.withDependency());
          const answer = await server.fetch('/');
          answers(answer, { status: 200 });
          contains(answer.text(), 'dependency ok', 'body of GET /');
        },
      },
    ],
  },
  {
    id: 'function.export',
    statement: 'A named handler is found, in every way in which the language exports one',
    profile: 'full',
    cases: [
      {
        name: 'the named handler',
        run: async (t) => answers(await (await t.shared()).fetch('/'), { status: 200 }),
      },
      {
        name: 'every other way that the language declares by a fixture',
        limit: 90,
        run: async (t) => {
          const ways = (await t.fixtures()).filter((name) => name.startsWith('export-'));
          if (ways.length === 0) t.skip('the language has one way only');
          for (const fixture of ways) {
            const server = await t.start({ fixture });
            const answer = await server.fetch('/');
            const same = answer.status === 200 && answer.text() === 'hello world';
            check(same, `fixture ${fixture}: got ${answer.status} ${answer.text()}`);
            await server.stop();
          }
        },
      },
    ],
  },
];
