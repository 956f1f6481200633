import { histograms } from '../../conformance/prometheus/histogram.js';
import { type Family, readMetrics } from '../../conformance/prometheus/parse.js';
import { fetchFrom } from '../../conformance/testing/http.js';
import { type DeployedFunction, serverOrigin } from './list.js';
import { quantile } from './quantile.js';

/** What a function says of its calls of one method; durations in seconds. */
export interface MethodMetrics {
  method: string;
  calls: number;
  failures: number;
  seconds: number;
  p50: number;
  p99: number;
}

const LIMIT_MS = 5000;

/** Empty where its server does not answer, or says nothing of calls. */
export async function metricsOf(deployed: DeployedFunction): Promise<MethodMetrics[]> {
  const origin = serverOrigin(deployed);
  if (origin === undefined) return [];
  const answer = await fetchFrom(origin, '/metrics', { limitMs: LIMIT_MS }).catch(() => undefined);
  return answer?.status === 200 ? methodMetrics(answer.text()) : [];
}

/** Of a page of metrics, by method. */
export function methodMetrics(page: string): MethodMetrics[] {
  const { families } = readMetrics(page);
  const durations = families.get('function_duration_seconds');
  if (!durations) return [];
  return histograms(durations).map(({ labels, buckets, sum, count }) => {
    const { method = '' } = labels;
    return {
      method,
      calls: counter(families, 'function_calls_total', method),
      failures: counter(families, 'function_failures_total', method),
      seconds: sum,
      p50: quantile(buckets, count, 0.5),
      p99: quantile(buckets, count, 0.99),
    };
  });
}

function counter(families: Map<string, Family>, name: string, method: string): number {
  const samples = families.get(name)?.samples ?? [];
  return samples.find(({ labels }) => labels.method === method)?.value ?? 0;
}
