import type { Rule } from '../../rule.js';
import { answers, check, contains } from '../../testing/expect.js';

export const installationRules: Rule[] = [
  {
    id: 'install.deps',
    statement: 'Dependencies installed on the volume are found by the runtime image',
    profile: 'full',
    cases: [
      {
        name: 'a function with a dependency',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          await t.requireRegistry();
          const server = await t.start({ fixture: 'with-dependency' });
          const answer = await server.fetch('/');
          answers(answer, { status: 200 });
          contains(answer.text(), 'dependency ok', 'the answer');
        },
      },
    ],
  },
  {
    id: 'install.registry',
    statement: 'A private registry works, with credentials from a mounted file and a private CA',
    profile: 'full',
    cases: [],
  },
  {
    id: 'install.bad',
    statement: 'What cannot be installed ends the phase with a code and the name of the package',
    profile: 'full',
    cases: [
      {
        name: 'a package that does not exist',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          const [installation] = await t.runPhases({ fixture: 'bad-dependency' });
          check(installation?.step === 'installation', 'the installation phase did not run');
          check(installation.code !== 0, 'the installation ended with 0');
          const said = installation.stdout + installation.stderr;
          contains(said, 'no-such-package-4711', "the tool's own message");
          contains(installation.termination, 'no-such-package-4711', 'the termination log');
        },
      },
    ],
  },
];
