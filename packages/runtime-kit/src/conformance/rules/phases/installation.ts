import type { Rule } from '../../rule.js';
import type { RuntimeFacts } from '../../targets/target.js';
import { answers, contains } from '../../testing/expect.js';
import { badInstallationCases } from './bad-installation.js';
import { privateRegistryCases } from './private-registry.js';

const inapplicable = ({ phases }: RuntimeFacts): string | undefined =>
  phases.installation ? undefined : 'the manifest has no installation phase';

export const installationRules: Rule[] = [
  {
    id: 'install.deps',
    statement: 'Dependencies installed on the volume are found by the runtime image',
    profile: 'full',
    inapplicable,
    cases: [
      {
        name: 'a function with a dependency',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          const server = await t.start(await t.withDependency());
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
    inapplicable,
    cases: privateRegistryCases,
  },
  {
    id: 'install.bad',
    statement: 'What cannot be installed ends the phase with a code and the name of the package',
    profile: 'full',
    inapplicable,
    cases: badInstallationCases,
  },
];
