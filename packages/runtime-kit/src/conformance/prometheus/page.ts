import type { Server } from '../targets/target.js';
import { answers, check, show } from '../testing/expect.js';
import { until } from '../testing/poll.js';
import { type Family, parseMetrics, readMetrics } from './parse.js';

/** The page of a server, as far as it can be understood: what it says is not how it says it. */
export async function metricsOf(server: Server): Promise<Map<string, Family>> {
  const answer = await server.fetch('/metrics');
  answers(answer, { status: 200 });
  return readMetrics(answer.text()).families;
}

/** The page, which must be Prometheus text without fault. @throws MalformedMetrics */
export async function strictMetricsOf(server: Server): Promise<Map<string, Family>> {
  const answer = await server.fetch('/metrics');
  answers(answer, { status: 200, type: 'text/plain' });
  return parseMetrics(answer.text());
}

export function familyOf(metrics: Map<string, Family>, name: string): Family {
  const family = metrics.get(name);
  check(family, `/metrics has no ${name}`);
  return family;
}

/**
 * Value of the sample with that method; 0 where there is none yet. `suffix`, such as `_count`, is
 * for the samples of a histogram.
 */
export function sampleValue(
  metrics: Map<string, Family>,
  family: string,
  method?: string,
  suffix = '',
): number {
  const samples = metrics.get(family)?.samples ?? [];
  const found = samples.find(
    ({ name, labels }) =>
      name === family + suffix && (method === undefined || labels.method === method),
  );
  return found?.value ?? 0;
}

/**
 * The page that shows that many calls of each method, or more. Counts are written behind the answer, and
 * by workers of their own: a scrape at once may be a moment early.
 */
export async function untilCounted(server: Server, calls: Record<string, number>) {
  let seen: Record<string, number> = {};
  return until(
    `function_calls_total of ${show(calls)}`,
    1500,
    async () => {
      const metrics = await metricsOf(server);
      const count = (method: string) => sampleValue(metrics, 'function_calls_total', method);
      seen = Object.fromEntries(Object.keys(calls).map((method) => [method, count(method)]));
      const isThere = Object.entries(calls).every(([method, wanted]) => count(method) >= wanted);
      return isThere ? metrics : undefined;
    },
    () => `it is ${show(seen)}`,
  );
}
