import inspector from 'node:inspector';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { broken } from './broken.js';

/** Few enough for a CPU that is idle on a busy machine, too. */
const BEAT_MS = 50;
const SOME_WORK = 'for (const end = Date.now() + 4000; Date.now() < end; );';

/**
 * Ends JavaScript that does not give the thread back: a second thread sees that the heartbeat has
 * stopped for the timeout and terminates what is running. The process and its other calls live on.
 */
export function startWatchdog(timeout) {
  const beat = new BigInt64Array(new SharedArrayBuffer(8));
  const tick = () => Atomics.store(beat, 0, BigInt(Date.now()));
  tick();
  setInterval(tick, BEAT_MS).unref();
  const thread = new Worker(new URL(import.meta.url), { workerData: { beat, timeout } });
  thread.unref();
}

function watch({ beat, timeout }) {
  let ended = 0n;
  setInterval(() => {
    const last = Atomics.load(beat, 0);
    const silentMs = Date.now() - Number(last);
    const limitMs = timeout * 1000 + (broken('loop-ends-late') ? 1500 : 0);
    if (silentMs < limitMs || last === ended) return;
    ended = last;
    if (broken('loop-kills-worker')) process.kill(process.pid, 'SIGKILL');
    if (!broken('loop-runs-on')) terminate();
    if (broken('loop-leaves-work')) new Worker(SOME_WORK, { eval: true });
  }, BEAT_MS);
}

/** Connected for this moment only: a process with a debugger waits for it before it exits. */
function terminate() {
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

if (!isMainThread) watch(workerData);
