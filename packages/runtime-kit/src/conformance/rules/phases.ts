import type { Rule } from '../rule.js';
import type { CaseContext } from '../testing/context.js';
import { answers, check, contains, equal } from '../testing/expect.js';

function requireCompilation(t: CaseContext): void {
  if (!t.runtime.phases.compilation) t.skip('the manifest has no compilation phase');
}

export const phaseRules: Rule[] = [
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
          const [installation] = await t.runPhases('bad-dependency');
          check(installation?.step === 'installation', 'the installation phase did not run');
          check(installation.code !== 0, 'the installation ended with 0');
          const said = installation.stdout + installation.stderr;
          contains(said, 'no-such-package-4711', "the tool's own message");
          contains(installation.termination, 'no-such-package-4711', 'the termination log');
        },
      },
    ],
  },
  {
    id: 'compile.go',
    statement: 'A handler is compiled with its modules, offline where it has none',
    profile: 'full',
    cases: [
      {
        name: 'the compiled function answers',
        run: async (t) => {
          requireCompilation(t);
          answers(await (await t.shared()).fetch('/hello'), { status: 200, text: 'hello world' });
        },
      },
    ],
  },
  {
    id: 'compile.error',
    statement: "A compile error names the user's own file and line in the termination log",
    profile: 'full',
    cases: [
      {
        name: 'a syntax error in line 3',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          requireCompilation(t);
          const results = await t.runPhases('syntax-error');
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
    cases: [
      {
        name: 'a function with a Gopkg.toml',
        needs: ['container'],
        limit: 120,
        run: async (t) => {
          requireCompilation(t);
          const results = await t.runPhases('legacy-dependency');
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
