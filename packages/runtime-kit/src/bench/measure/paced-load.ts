import { ohaCommand, parseOha } from '../load/oha.js';
import { bodyFiles } from '../load/request.js';
import { runTool } from '../load/run-tool.js';
import type { PacedRun } from '../report/schema.js';
import { loadOf, type Subject, toolRun } from './subject.js';
import { refuseErrors, refuseOtherSize } from './void.js';

const WHEN = 'at half of the peak';

/**
 * Half of the peak: the server has time, and latencies are its own, not a queue's.
 *
 * @param peak requests per second that the same server was just measured with.
 * @param expected the body of the right answer.
 */
export async function measurePaced(
  subject: Subject,
  image: string,
  peak: number,
  expected: Buffer,
): Promise<PacedRun> {
  const rate = Math.max(Math.round(peak / 2), 1);
  const load = loadOf(subject, subject.bench.settings.durationS);
  const { stdout, cpuSeconds } = await runTool(
    toolRun(subject, image),
    ohaCommand(load, rate),
    bodyFiles(subject.scenario),
  );
  const result = parseOha(stdout);
  refuseErrors(result, WHEN);
  refuseOtherSize(result, expected.length, 0, WHEN);
  const { requests, seconds, latency } = result;
  return { rate, achieved: requests / seconds, latency, loadCores: cpuSeconds / seconds };
}
