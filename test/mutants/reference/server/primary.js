import { spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { broken } from './broken.js';
import { readConfig } from './config.js';
import { logError } from './log.js';
import { Metrics } from './metrics.js';

const TERMINATION_BYTES = 4096;

if (broken('user-needs-a-name')) userInfo();
if (broken('writes-beside-itself'))
  writeFileSync(new URL('./process-id', import.meta.url), `${process.pid}`);
const config = configOrExit();
const metrics = new Metrics();
const serving = new WeakSet();
let draining = false;
let closing = false;

// Workers accept connections themselves. One that the primary hands to a worker which is just ending is
// never closed by either, and its caller waits for ever.
cluster.schedulingPolicy = cluster.SCHED_NONE;
for (let index = 0; index < config.workers; index++) startWorker();
if (!broken('ignores-sigterm')) process.on('SIGTERM', drain);
else process.on('SIGTERM', () => {});
process.on('SIGINT', drain);

function configOrExit() {
  try {
    return readConfig();
  } catch (error) {
    if (broken('bad-config-hangs')) waitSynchronously(8000);
    return end(broken('config-error-unclear') ? 'bad configuration' : error.message);
  }
}

function startWorker() {
  const worker = cluster.fork();
  worker.on('listening', () => serving.add(worker));
  worker.on('message', (message) => receive(worker, message));
  worker.on('exit', (_code, signal) => {
    if (broken('out-of-memory-exits-0') && signal === 'SIGKILL') process.exit(0);
    if (broken('out-of-memory-for-good') && signal === 'SIGKILL') return;
    metrics.failUnfinished(worker.id);
    if (broken('counts-lost-with-worker')) metrics.reset();
    if (draining) return endIfLast();
    if (broken('exit-ends-all')) for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    if (broken('zombies-left')) leaveZombie();
    if (broken('worker-replaced-late')) setTimeout(startWorker, 5000);
    else if (!broken('worker-not-replaced')) startWorker();
    return undefined;
  });
}

/** A process that has ended, and a parent that does not ask for it. */
function leaveZombie() {
  spawn('sh', ['-c', 'true & exec sleep 60'], { stdio: 'ignore' }).unref();
}

function receive(worker, message) {
  if (message.type === 'load-error') endLoad(message.text);
  if (message.type === 'fall') process.exit(1);
  if (message.type === 'start') metrics.start(worker.id, message);
  if (message.type === 'end') metrics.end(worker.id, message);
  if (message.type === 'page')
    tell(worker, { type: 'page', id: message.id, text: metrics.page(livePids()) });
}

/** A worker that is just ending cannot be told any more, and need not be. */
function tell(worker, message) {
  if (worker.isConnected()) worker.send(message, () => {});
}

function livePids() {
  return broken('usage-of-primary-only') ? [process.pid] : [process.pid, ...workerPids()];
}

/** Of the workers that run: the cluster's own list has the ended ones for a moment longer. */
function workerPids() {
  const alive = Object.values(cluster.workers).filter((worker) => !worker.isDead());
  return alive.map((worker) => worker.process.pid);
}

/** Unhealthy at once, serving on for the delay, then no more connections; ends behind the last worker. */
function drain() {
  if (draining) return;
  draining = true;
  for (const worker of Object.values(cluster.workers)) tell(worker, { type: 'drain' });
  setTimeout(close, (broken('drain-delay-ignored') ? 0 : config.drainDelay) * 1000);
}

function close() {
  if (broken('accepts-while-closing') && metrics.inFlight > 0) return void setTimeout(close, 50);
  closing = true;
  for (const worker of Object.values(cluster.workers)) closeWorker(worker);
  const limit = broken('shutdown-unbounded') ? 3600 : config.shutdownTimeout;
  setTimeout(endNow, limit * 1000);
  if (broken('exits-before-workers')) process.exit(0);
  endIfLast();
}

/** One that is still starting has nothing to finish. */
function closeWorker(worker) {
  if (serving.has(worker)) tell(worker, { type: 'close' });
  else worker.process.kill('SIGKILL');
}

function endIfLast() {
  if (closing && workerPids().length === 0) process.exit(broken('exits-with-143') ? 143 : 0);
}

/** What is still running after FUNC_SHUTDOWN_TIMEOUT is given up. */
function endNow() {
  for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGKILL');
  process.exit(0);
}

/** The module or its handler is not there, or the module cannot be loaded. */
function endLoad(reason) {
  const isModule = reason.startsWith('cannot load');
  if (isModule && broken('load-error-is-retried')) return logError(undefined, reason);
  return end(reason, isModule && broken('load-error-exits-0') ? 0 : 1);
}

/** The reason goes to stderr and to the termination log. */
function end(reason, code = broken('bad-config-exits-0') ? 0 : 1) {
  const text = `runtime-kit: ${reason}`;
  logError(undefined, text);
  if (broken('config-error-twice')) logError(undefined, text);
  try {
    if (!broken('no-termination-log'))
      writeFileSync(process.env.KUBELESS_TERMINATION_LOG ?? '/dev/termination-log', kept(text));
  } catch {
    // Outside of a cluster there is no such file.
  }
  process.exit(code);
}

function waitSynchronously(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** The first bytes: what went wrong first is at the top. */
function kept(text) {
  const bytes = Buffer.from(`${text}\n`);
  return broken('termination-log-tail')
    ? bytes.subarray(-TERMINATION_BYTES)
    : bytes.subarray(0, TERMINATION_BYTES);
}
