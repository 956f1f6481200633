import { z } from 'zod';
import { ANSWER_WITHIN_S, BODY_FILE, HEADERS, type Load, type LoadResult } from './request.js';

/**
 * The command of a run at a given rate. With `--latency-correction` a request's time counts from
 * when it was due, not from when a connection was free for it; else a server that stalls would hide the
 * requests that it held up. What is under way when the time is over is waited for: the slowest answers
 * would be missing otherwise.
 *
 * @param rate requests per second over all connections.
 */
export function ohaCommand({ url, scenario, seconds }: Load, rate: number): string[] {
  const { method, contentType, body, connections } = scenario;
  return [
    'oha',
    '--no-tui',
    '--output-format=json',
    '--latency-correction',
    '--disable-compression',
    '--redirect=0',
    '-w',
    '-t',
    `${ANSWER_WITHIN_S}s`,
    '-z',
    `${seconds}s`,
    '-q',
    String(rate),
    '-c',
    String(connections),
    '-m',
    method,
    ...Object.entries(HEADERS).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(contentType === undefined ? [] : ['-T', contentType]),
    ...(body === undefined ? [] : ['-D', BODY_FILE]),
    url,
  ];
}

/** The times are in seconds; null where there was no answer at all. */
const seconds = z.number().nullable();

const output = z.object({
  summary: z.object({ total: z.number(), totalData: z.number() }),
  latencyPercentiles: z.object({ p50: seconds, p99: seconds, 'p99.9': seconds }),
  statusCodeDistribution: z.record(z.string(), z.number()),
  errorDistribution: z.record(z.string(), z.number()),
});

/** @throws Error where the output has no result: oha itself failed. */
export function parseOha(stdout: string): LoadResult {
  if (!stdout.startsWith('{')) throw new Error(`oha gave no result:\n${stdout.trimEnd()}`);
  const { summary, latencyPercentiles, statusCodeDistribution, errorDistribution } = output.parse(
    JSON.parse(stdout),
  );
  const statuses = Object.entries(statusCodeDistribution);
  const problems = [
    ...statuses.filter(([status]) => !status.startsWith('2')),
    ...Object.entries(errorDistribution),
  ];
  return {
    requests: statuses.reduce((sum, [, count]) => sum + count, 0),
    seconds: summary.total,
    bytes: summary.totalData,
    latency: {
      p50: (latencyPercentiles.p50 ?? 0) * 1e3,
      p99: (latencyPercentiles.p99 ?? 0) * 1e3,
      p999: (latencyPercentiles['p99.9'] ?? 0) * 1e3,
    },
    errors: problems.reduce((sum, [, count]) => sum + count, 0),
    errorText: problems.map(([text, count]) => `${count} × ${text}`).join(', '),
    wrong: undefined,
  };
}
