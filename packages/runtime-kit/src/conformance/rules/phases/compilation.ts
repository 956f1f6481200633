import type { Rule } from '../../rule.js';
import type { RuntimeFacts } from '../../targets/target.js';
import { answers, check, contains, equal } from '../../testing/expect.js';

const inapplicable = ({ phases }: RuntimeFacts): string | undefined =>
  phases.compilation ? undefined : 'the manifest has no compilation phase';

export const compilationRules: Rule[] = [
  {
    id: 'compile.go',
    statement: 'A handler is compiled with its modules, offline where it has none',
    profile: 'full',
    inapplicable,
    cases: [
      {
        name: 'the compiled function answers',
        run: async (t) => {
          answers(await (await t.shared()).fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
      {
        name: 'a function without modules is compiled without a network',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          const server = await t.start({ offline: true });
          answers(await server.fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
  {
    id: 'compile.error',
    statement: "A compile error names the user's own file and line in the termination log",
    profile: 'full',
    inapplicable,
    cases: [
      {
        name: 'a syntax error in line 3',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          const results = await t.runPhases({ fixture: 'syntax-error' });
          const compilation = results.find(({ step }) => step === 'compilation');
          check(compilation, 'the compilation phase did not run');
          check(compilation.code !== 0, 'the compilation ended with 0');
          const { module, suffix } = t.runtime;
          contains(compilation.termination, `${module}${suffix}:3`, 'the termination log');
        },
      },
    ],
  },
  {
    id: 'compile.legacy',
    statement: 'Gopkg.toml is refused with one line that says how to move to go.mod',
    profile: 'full',
    inapplicable,
    cases: [
      {
        name: 'a function with a Gopkg.toml',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          const results = await t.runPhases({ fixture: 'legacy-dependency' });
          const failed = results.find(({ code }) => code !== 0);
          check(failed, 'every phase ended with 0');
          const lines = failed.stderr.trim().split('\n');
          equal(lines.length, 1, 'number of lines on stderr');
          contains(failed.stderr, /Gopkg\.toml.*go\.mod/, 'the line');
          contains(failed.termination, 'Gopkg.toml', 'the termination log');
        },
      },
    ],
  },
];
