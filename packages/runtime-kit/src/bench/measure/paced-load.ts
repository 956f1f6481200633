import { ohaCommand, parseOha } from '../load/oha.js';
import { bodyFiles } from '../load/request.js';
import { runTool } from '../load/run-tool.js';
import type { PacedRun } from '../report/schema.js';
import { loadOf, type Subject, toolRun } from './subject.js';
import { refuseErrors, refuseOtherSize } from './void.js';

const WHEN = 'at half of the peak';

/**
 * Half of the peak: the server has time, and latencies are its own, not a queue's. First the same for as
 * long again: just-in-time compilers have to learn that requests of this tool look different.
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
  const pace = { image, rate, seconds: subject.bench.settings.durationS, expected };
  await load(subject, pace);
  const { result, cpuSeconds } = await load(subject, pace);
  const { requests, seconds, latency } = result;
  return { rate, achieved: requests / seconds, latency, loadCores: cpuSeconds / seconds };
}

interface Pace {
  image: string;
  rate: number;
  seconds: number;
  expected: Buffer;
}

async function load(subject: Subject, { image, rate, seconds, expected }: Pace) {
  const { stdout, cpuSeconds } = await runTool(
    toolRun(subject, image),
    ohaCommand(loadOf(subject, seconds), rate),
    bodyFiles(subject.scenario),
  );
  const result = parseOha(stdout);
  refuseErrors(result, WHEN);
  refuseOtherSize(result, expected.length, 0, WHEN);
  return { result, cpuSeconds };
}
