import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { Rule } from '../../rule.js';
import { answers, inTime } from '../../testing/expect.js';
import { fetchWith } from '../../testing/http.js';

const REQUESTS = 1000;
const CONNECTIONS = 64;

export const parallelRules: Rule[] = [
  {
    id: 'parallel.calls',
    statement: 'Ten calls of a function that waits 1 s finish within 2 s with default settings',
    profile: 'full',
    cases: [
      {
        name: 'ten at once',
        lane: 'waits',
        run: async (t) => {
          const server = await t.start();
          const started = performance.now();
          const calls = Array.from({ length: 10 }, () => server.fetch('/sleep?ms=1000'));
          for (const answer of await Promise.all(calls))
            answers(answer, { status: 200, text: 'slept' });
          const took = Math.round(performance.now() - started);
          inTime(took < 2000, `ten calls of 1 s took ${took} ms, at most 2000 ms are allowed`);
        },
      },
    ],
  },
  {
    id: 'parallel.load',
    statement: '1,000 keep-alive requests on 64 connections: every answer its own, no error',
    profile: 'full',
    cases: [
      {
        name: 'each request echoes its id',
        lane: 'works',
        limit: 60,
        run: async (t) => {
          const server = await t.shared();
          const pool = new Pool(`http://${server.host}:${server.port}`, {
            connections: CONNECTIONS,
            pipelining: 1,
          });
          try {
            const ids = Array.from({ length: REQUESTS }, (_, index) => `${t.mark()}-${index}`);
            const answered = await Promise.all(
              ids.map((id) => fetchWith(pool, `/id?id=${id}`, { limitMs: 50_000 })),
            );
            for (const [index, answer] of answered.entries())
              answers(answer, { status: 200, text: ids[index] ?? '' });
          } finally {
            await pool.destroy();
          }
        },
      },
    ],
  },
];
