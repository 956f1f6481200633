import type { Rule } from '../rule.js';
import { answers } from '../testing/expect.js';

export const processRules: Rule[] = [
  {
    id: 'process.healthz',
    statement: '/healthz answers 200 with OK',
    profile: 'core',
    cases: [
      {
        name: 'OK',
        run: async (t) =>
          answers(await (await t.shared()).fetch('/healthz'), { status: 200, text: 'OK' }),
      },
    ],
  },
];
