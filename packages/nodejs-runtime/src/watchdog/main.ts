/**
 * The watchdog thread of a worker. A call that loops keeps the main thread from its own timers; this
 * thread sees that the main thread has stopped beating, pauses it by the inspector, asks it which call is
 * running, and ends just that call where its time is up. Nothing of this costs a call that behaves.
 */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { RUNNING, STALLED } from '../messages.js';
import { BEAT_MS, CELLS, OVERDUE, type WatchdogData } from './cells.js';
import { inquire } from './inquiry.js';

/** The supervisor hears of a worker that has not beaten for so long; it may start a stand-in. */
const REPORT_AFTER_MS = 500;

/**
 * A main thread that cannot even be paused is inside native code (a synchronous child process, say) that
 * nothing in this process can stop; after so long beyond the timeout the process ends itself.
 */
const GIVE_UP_AFTER_MS = 400;

const RECOVERY_MS = 1000;

const { cells, timeoutMs, reportFd } = workerData as WatchdogData;
let lastBeats = -1;
let stalledSince = 0;
let nextInquiryAt = 0;
let reported = false;
parentPort?.postMessage('watching');

for (;;) {
  if (Atomics.load(cells, CELLS.ticking) === 0) {
    notice(false);
    Atomics.wait(cells, CELLS.ticking, 0);
    lastBeats = -1;
  }
  await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  await look();
}

async function look(): Promise<void> {
  const now = performance.now();
  const beats = Atomics.load(cells, CELLS.beats);
  if (beats !== lastBeats) {
    lastBeats = beats;
    stalledSince = now;
    nextInquiryAt = now + Math.min(timeoutMs, Atomics.load(cells, CELLS.headroomMs));
    notice(false);
    return;
  }
  if (now - stalledSince > REPORT_AFTER_MS) notice(true);
  if (now - stalledSince <= BEAT_MS * 2 || now < nextInquiryAt) return;
  const endedBefore = Atomics.load(cells, CELLS.ended);
  const verdict = await inquire();
  if (verdict === OVERDUE) await expectRecovery(endedBefore);
  if (verdict !== undefined) nextInquiryAt = performance.now() + Math.max(verdict, BEAT_MS);
  else if (performance.now() - stalledSince > timeoutMs + GIVE_UP_AFTER_MS)
    endProcess('a call has blocked this worker where it cannot be interrupted');
}

/** A main thread that is not itself again after a termination is of no use. */
async function expectRecovery(endedBefore: number): Promise<void> {
  for (let waited = 0; waited < RECOVERY_MS; waited += BEAT_MS) {
    if (Atomics.load(cells, CELLS.ended) !== endedBefore) return;
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  }
  endProcess('this worker did not recover from the end of a call that ran past FUNC_TIMEOUT');
}

function notice(stalled: boolean): void {
  if (stalled === reported) return;
  reported = stalled;
  if (reportFd !== undefined) writeSync(reportFd, stalled ? STALLED : RUNNING);
}

function endProcess(reason: string): never {
  writeSync(process.stderr.fd, `runtime-kit: ${reason}; the worker is replaced\n`);
  process.kill(process.pid, 'SIGKILL');
  process.exit(1);
}
