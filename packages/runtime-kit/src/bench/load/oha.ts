import { z } from 'zod';
import { BODY_FILE, type Load, type LoadResult } from './request.js';

/**
 * The command of a run at a given rate. oha: with `--latency-correction` a request's time counts from
 * when it was due, not from when a connection was free for it; else a server that stalls would hide the
 * requests that it held up.
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
    '-z',
    `${seconds}s`,
    '-q',
    String(rate),
    '-c',
    String(connections),
    '-m',
    method,
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

/** What is under way when the time is over is cut off, and no fault of the server's. */
const CUT_OFF = 'aborted due to deadline';

/** @throws where the output is none of oha's. */
export function parseOha(stdout: string): LoadResult {
  const { summary, latencyPercentiles, statusCodeDistribution, errorDistribution } = output.parse(
    JSON.parse(stdout),
  );
  const statuses = Object.entries(statusCodeDistribution);
  const problems = [
    ...statuses.filter(([status]) => !status.startsWith('2')),
    ...Object.entries(errorDistribution).filter(([text]) => text !== CUT_OFF),
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
