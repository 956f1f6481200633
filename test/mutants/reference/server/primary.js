import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { broken } from './broken.js';
import { readConfig } from './config.js';
import { logError } from './log.js';
import { Metrics } from './metrics.js';

const TERMINATION_BYTES = 4096;

const config = configOrExit();
const metrics = new Metrics();
let draining = false;

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
    return end(error.message);
  }
}

function startWorker() {
  const worker = cluster.fork();
  worker.on('message', (message) => receive(worker, message));
  worker.on('exit', () => {
    metrics.failUnfinished(worker.id);
    if (broken('counts-lost-with-worker')) metrics.reset();
    if (!draining && !broken('worker-not-replaced')) startWorker();
  });
}

function receive(worker, message) {
  if (message.type === 'load-error') end(message.text);
  if (message.type === 'start') metrics.start(worker.id, message);
  if (message.type === 'end') metrics.end(worker.id, message);
  if (message.type === 'page')
    worker.send({ type: 'page', id: message.id, text: metrics.page(livePids()) });
}

function livePids() {
  const workers = Object.values(cluster.workers).map((worker) => worker.process.pid);
  return broken('metrics-of-primary-only') ? [process.pid] : [process.pid, ...workers];
}

/** Unhealthy at once, serving on for the delay, then no more connections; ends when all are done. */
function drain() {
  if (draining) return;
  draining = true;
  const { drainDelay, shutdownTimeout } = config;
  for (const worker of Object.values(cluster.workers)) worker.send({ type: 'drain' });
  setTimeout(() => {
    for (const worker of Object.values(cluster.workers)) worker.send({ type: 'close' });
    setTimeout(endNow, shutdownTimeout * 1000).unref();
    cluster.disconnect(() => process.exit(broken('exits-with-143') ? 143 : 0));
  }, drainDelay * 1000);
}

/** What is still running after FUNC_SHUTDOWN_TIMEOUT is given up. */
function endNow() {
  for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGKILL');
  process.exit(0);
}

/** The reason goes to stderr and to the termination log. */
function end(reason) {
  const text = broken('config-error-unclear') ? 'bad configuration' : `runtime-kit: ${reason}`;
  logError(undefined, text);
  try {
    const kept = Buffer.from(`${text}\n`).subarray(0, TERMINATION_BYTES);
    if (!broken('no-termination-log'))
      writeFileSync(process.env.KUBELESS_TERMINATION_LOG ?? '/dev/termination-log', kept);
  } catch {
    // Outside of a cluster there is no such file.
  }
  process.exit(broken('bad-config-exits-0') ? 0 : 1);
}
