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
import { Observation } from './observation.js';

/** Silence that is not by chance. */
const ALARM_MS = BEAT_MS * 2;
const REST_ALARM_MS = REST_BEAT_MS * 2.5;

/** The supervisor hears of a worker that has not beaten for so long; it may start a stand-in. */
const REPORT_AFTER_MS = 500;

const { cells, timeoutMs, logFormat, reportFd } = workerData as WatchdogData;
let lastBeats = -1;
let aliveAt = performance.now();
let seenTimeouts = 0;
let reported = RUNNING;
let investigation: Investigation | undefined;
let observation: Observation | undefined;
parentPort?.postMessage('watching');

void watch();

async function watch(): Promise<never> {
  for (;;) {
    excuse(await wait());
    await look();
  }
}

/**
 * Until the next look. While nothing is going on, a call that begins ends the wait.
 *
 * @returns milliseconds that it took longer than it should have
 */
async function wait(): Promise<number> {
  const startedAt = performance.now();
  const isResting = !investigation && !observation;
  if (isResting) Atomics.wait(cells, CELLS.ticking, 0, REST_BEAT_MS);
  const restedMs = isResting ? Math.min(performance.now() - startedAt, REST_BEAT_MS) : 0;
  await sleep(BEAT_MS);
  return performance.now() - startedAt - restedMs - BEAT_MS;
}

/**
 * Time in which this thread could not run, the main thread could not run either: the process was suspended, or
 * the machine gave it no processor. What the main thread does after that is no work that holds it up.
 */
function excuse(milliseconds: number): void {
  aliveAt += milliseconds;
  investigation?.excuse(milliseconds);
}

async function look(): Promise<void> {
  const now = performance.now();
  if (!isHeldUp()) {
    lastBeats = Atomics.load(cells, CELLS.beats);
    aliveAt = now;
    investigation?.close();
    investigation = undefined;
    report(RUNNING);
  }
  const silence = now - aliveAt;
  const alarm = Atomics.load(cells, CELLS.ticking) === 1 ? ALARM_MS : REST_ALARM_MS;
  await observe();
  if (silence > alarm) {
    if (silence > REPORT_AFTER_MS) report(STALLED);
    investigation ??= new Investigation({ cells, timeoutMs, aliveAt, isHeldUp, giveUp });
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
