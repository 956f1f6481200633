import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMetrics } from '../conformance/prometheus/parse.js';
import type { Server } from '../conformance/targets/target.js';
import { answers } from '../conformance/testing/expect.js';
import { type Answer, NoAnswer } from '../conformance/testing/http.js';
import { REFUSED } from './call.js';
import { type Counters, countersOf, fallen } from './counters.js';
import type { Ledger } from './ledger.js';

const PAUSE_MS = 1000;
const LIMIT_MS = 10_000;

/**
 * Asks for /healthz and /metrics once a second, each on a connection of its own as a platform does,
 * while traffic runs. `report` hears of counters that fall.
 */
export async function probe(
  server: Server,
  ledger: Ledger,
  over: AbortSignal,
  report: (violation: string) => void,
): Promise<void> {
  let before: Counters = new Map();
  while (!over.aborted) {
    await ask(server, ledger, '/healthz', (answer) => {
      answers(answer, { status: 200, text: 'OK' });
    });
    await ask(server, ledger, '/metrics', (answer) => {
      answers(answer, { status: 200, type: 'text/plain' });
      const now = countersOf(parseMetrics(answer.text()));
      for (const fall of fallen(before, now)) report(`metrics: ${fall}`);
      before = now;
    });
    await sleep(PAUSE_MS, undefined, { signal: over }).catch(() => {});
  }
}

async function ask(
  server: Server,
  ledger: Ledger,
  path: string,
  judge: (answer: Answer) => void,
): Promise<void> {
  const call = { kind: path, method: 'GET', path, counts: REFUSED };
  const from = performance.now();
  try {
    const answer = await server.fetch(path, { limitMs: LIMIT_MS });
    const problem = problemOf(answer, judge);
    const { status, truncated } = answer;
    ledger.add({ call, from, to: performance.now(), status, truncated, problem });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const { tooSlow: hung, message: problem } = error;
    ledger.add({ call, from, to: performance.now(), hung, problem });
  }
}

function problemOf(answer: Answer, judge: (answer: Answer) => void): string | undefined {
  try {
    judge(answer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
