import type { Rule } from '../../rule.js';
import type { CaseContext } from '../../testing/context.js';
import { answers } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';
import { LOG_WITHIN_MS } from './log-lines.js';

export const outputRule: Rule = {
  id: 'log.output',
  statement: 'What the function prints is there at once, whole lines beside access lines',
  profile: 'full',
  cases: [
    ...(['stdout', 'stderr'] as const).map((stream) => ({
      name: `${stream}, at once`,
      run: async (t: CaseContext) => {
        const server = await t.shared();
        const mark = t.mark();
        answers(await server.fetch(`/print?text=${mark}&to=${stream}`), { text: 'printed' });
        await until(`${mark} in the log`, LOG_WITHIN_MS, async () => {
          const { stdout, stderr } = await server.log();
          return `${stdout}\n${stderr}`.split('\n').includes(mark);
        });
      },
    })),
    {
      name: 'printed before an answer that takes long',
      run: async (t) => {
        const server = await t.shared();
        const mark = t.mark();
        const print = await server.fetch(`/print?text=${mark}&to=stdout`);
        answers(print, { status: 200 });
        const slow = server.fetch('/sleep?ms=1500');
        await until(`${mark} in the log`, LOG_WITHIN_MS, async () =>
          (await server.log()).stdout.includes(mark),
        );
        await slow;
      },
    },
    {
      name: 'no line is torn while 100 calls print',
      lane: 'works',
      run: async (t) => {
        const server = await t.shared();
        const mark = t.mark();
        const texts = Array.from(
          { length: 100 },
          (_, index) => `${mark}-${index}-${'x'.repeat(80)}`,
        );
        await Promise.all(
          texts.map((text) => server.fetch(`/print?text=${text}&to=stdout`, { limitMs: 20_000 })),
        );
        await until('every printed line whole', 2000, async () => {
          const lines = (await server.log()).stdout.split('\n');
          return texts.every((text) => lines.includes(text));
        });
      },
    },
  ],
};
