/**
 * The watchdog thread of a worker. A call that loops keeps the main thread from its own timers; this
 * thread sees that the main thread has stopped beating, asks it by the inspector which call is running, and
 * ends just that call where its time is up. Nothing of this costs a call that behaves.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { errorLine } from '../error-log.js';
import { RUNNING, STALLED, STDERR_FD, WORN } from '../messages.js';
import { BEAT_MS, CELLS, REST_BEAT_MS, type WatchdogData } from './cells.js';
import { Investigation } from './investigation.js';
import { MOMENTS, sharedNow } from './moments.js';
import { Observation } from './observation.js';
import { SuspensionFinder } from './suspensions.js';

/** Silence that is not by chance. */
const ALARM_MS = BEAT_MS * 2;
const REST_ALARM_MS = REST_BEAT_MS * 2.5;

/** The supervisor hears of a worker that has not beaten for so long; it may start a stand-in. */
const REPORT_AFTER_MS = 500;

const { cells, moments, timeoutMs, logFormat, reportFd } = workerData as WatchdogData;
let lastBeats = -1;
let aliveAt = performance.now();
let seenTimeouts = 0;
let reported = RUNNING;
let investigation: Investigation | undefined;
let observation: Observation | undefined;
const finder = new SuspensionFinder(cells, moments, (milliseconds) => {
  aliveAt += milliseconds;
  investigation?.excuse(milliseconds);
});
parentPort?.postMessage('watching');

void watch();

async function watch(): Promise<never> {
  for (;;) {
    await wait();
    await look();
  }
}

/** Until the next look. While nothing is going on, a call that begins ends the wait. */
async function wait(): Promise<void> {
  if (!investigation && !observation) {
    const startedAt = sharedNow();
    const ending = Atomics.wait(cells, CELLS.ticking, 0, REST_BEAT_MS);
    const woken = Math.max(0, Number(Atomics.load(moments, MOMENTS.woken)) - startedAt);
    finder.rested(ending === 'timed-out' ? REST_BEAT_MS : woken);
  }
  await sleep(BEAT_MS);
}

async function look(): Promise<void> {
  finder.look();
  const now = performance.now();
  if (!isHeldUp()) {
    lastBeats = Atomics.load(cells, CELLS.beats);
    aliveAt = now;
    investigation?.close();
    investigation = undefined;
    report(RUNNING);
  }
  await observe();
  const silence = now - aliveAt;
  const alarm = Atomics.load(cells, CELLS.ticking) === 1 ? ALARM_MS : REST_ALARM_MS;
  if (silence > alarm) {
    if (silence > REPORT_AFTER_MS) report(STALLED);
    investigation ??= new Investigation({
      cells,
      timeoutMs,
      aliveAt,
      isHeldUp,
      findSuspensions: () => finder.look(),
      giveUp,
    });
    await investigation.proceed();
  }
}

function isHeldUp(): boolean {
  return Atomics.load(cells, CELLS.beats) === lastBeats;
}

/** Follows up on calls that ran past their time. */
async function observe(): Promise<void> {
  const timeouts = Atomics.load(cells, CELLS.timeouts);
  if (timeouts !== seenTimeouts) observation ??= new Observation();
  seenTimeouts = timeouts;
  const finding = await observation?.look(Atomics.load(cells, CELLS.running));
  if (finding === 'busy') {
    log('what a call left behind when it ran past FUNC_TIMEOUT goes on using the CPU');
    report(WORN);
  }
  if (finding !== undefined) observation = undefined;
}

function report(what: string): void {
  if (what !== reported && reportFd !== undefined) writeSync(reportFd, what);
  reported = what;
}

function log(text: string): void {
  writeSync(
    STDERR_FD,
    `${errorLine(logFormat, `runtime-kit: ${text}; this worker is replaced`)}\n`,
  );
}

function giveUp(reason: string): never {
  log(reason);
  process.kill(process.pid, 'SIGKILL');
  process.exit(1);
}
