import type { Server } from '../targets/target.js';
import { answers, check } from '../testing/expect.js';
import { until } from '../testing/poll.js';
import { type Family, parseMetrics } from './parse.js';

/** The page of a server. */
export async function metricsOf(server: Server): Promise<Map<string, Family>> {
  const answer = await server.fetch('/metrics');
  answers(answer, { status: 200, type: 'text/plain' });
  return parseMetrics(answer.text());
}

export function familyOf(metrics: Map<string, Family>, name: string): Family {
  const family = metrics.get(name);
  check(family, `/metrics has no ${name}`);
  return family;
}

/** Value of the sample with that method; 0 where there is none yet. */
export function sampleValue(metrics: Map<string, Family>, name: string, method?: string): number {
  const samples = metrics.get(name)?.samples ?? [];
  const found = samples.find(({ labels }) => method === undefined || labels.method === method);
  return found?.value ?? 0;
}

/** Counts are written behind the answer: a scrape at once may be a moment early. */
export async function untilCounted(server: Server, method: string, calls: number) {
  let seen = 0;
  return until(
    `function_calls_total{method="${method}"} ${calls}`,
    1500,
    async () => {
      const metrics = await metricsOf(server);
      seen = sampleValue(metrics, 'function_calls_total', method);
      return seen === calls ? metrics : undefined;
    },
    () => `it is ${seen}`,
  );
}
