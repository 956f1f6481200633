import type { LoadResult } from '../load/request.js';
import { runTool } from '../load/run-tool.js';
import { parseWrk, wrkCommand, wrkFiles } from '../load/wrk.js';
import { busyCores, busySeconds } from '../machine/processor-time.js';
import type { LoadRun } from '../report/schema.js';
import { loadOf, type Subject, toolRun } from './subject.js';
import { refuseErrors, refuseOtherSize, Void } from './void.js';

/** Heads may differ by a few bytes (a date, a count); another body differs by more. */
const SIZE_TOLERANCE = 0.01;

/** The warm-up: every answer is compared with the one that was checked, under the same load. */
export async function warmUp(subject: Subject, expected: Buffer): Promise<LoadResult> {
  const load = loadOf(subject, subject.bench.settings.warmUpS);
  const run = toolRun(subject, subject.bench.tools.wrk);
  const { stdout } = await runTool(run, wrkCommand(load), wrkFiles(load, expected));
  const result = parseWrk(stdout);
  refuseErrors(result, 'while warming up');
  return result;
}

/**
 * The measurement, with all connections always busy.
 *
 * @param measured is given everything that was seen, also where the run turns out not to count.
 * @param warm the warm-up, whose answers were right.
 */
export async function measureFullLoad(
  measured: Partial<LoadRun>,
  subject: Subject,
  warm: LoadResult,
): Promise<void> {
  const { bench, server } = subject;
  const load = loadOf(subject, bench.settings.durationS);
  const run = toolRun(subject, bench.tools.wrk);
  const [before, busyBefore, began] = [await server.usage(), await busySeconds(), Date.now()];
  const { stdout, cpuSeconds } = await runTool(run, wrkCommand(load), wrkFiles(load, undefined));
  const [after, busyAfter, ended] = [await server.usage(), await busySeconds(), Date.now()];
  const result = parseWrk(stdout);
  const { requests, seconds, bytes, latency } = result;
  if (requests === 0) throw new Void('no answer under load');
  const serverSeconds = (after.cpuNanoseconds - before.cpuNanoseconds) / 1e9;
  Object.assign(measured, {
    requests,
    seconds,
    throughput: requests / seconds,
    latency,
    cpuMicroseconds: (serverSeconds / requests) * 1e6,
    serverCores: serverSeconds / seconds,
    loadCores: cpuSeconds / seconds,
    bytesPerAnswer: bytes / requests,
  });
  const wallSeconds = (ended - began) / 1000;
  const busy = busyCores(busyBefore, busyAfter, wallSeconds);
  if (busy !== undefined)
    measured.otherCores = Math.max(busy - (serverSeconds + cpuSeconds) / wallSeconds, 0);
  refuseErrors(result, 'under load');
  const right = warm.bytes / warm.requests;
  // Answers that were under way at the end of a run are counted in bytes and not in requests.
  const cut = (right * subject.scenario.connections) / Math.min(requests, warm.requests);
  refuseOtherSize(result, right, right * SIZE_TOLERANCE + cut, 'under load');
}
