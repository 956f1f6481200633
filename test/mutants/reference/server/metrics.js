import { broken } from './broken.js';
import { counter, gauge, histogram } from './metrics-text.js';
import { processFamilies } from './process-metrics.js';

const BUCKETS = broken('buckets-of-the-library')
  ? [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  : [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The numbers of the container; workers report each call's start and end. */
export class Metrics {
  #calls = new Map();
  #running = new Map();
  #pages = 0;

  start(worker, { id, method }) {
    const label = METHODS.includes(method) || broken('label-of-any-method') ? method : 'OTHER';
    this.#running.set(`${worker}:${id}`, { method: label, at: performance.now() });
  }

  end(worker, { id, seconds, failed, timedOut }) {
    const key = `${worker}:${id}`;
    const call = this.#running.get(key);
    if (!call) return;
    if (!(timedOut && broken('timed-out-stay-in-flight'))) this.#running.delete(key);
    this.#count(call.method, { seconds, failed, timedOut });
  }

  /** The calls that a worker took with it count as failed. */
  failUnfinished(worker) {
    for (const [key, call] of this.#running) {
      if (!key.startsWith(`${worker}:`)) continue;
      this.#running.delete(key);
      const seconds = (performance.now() - call.at) / 1000;
      this.#count(call.method, { seconds, failed: true, timedOut: false });
    }
  }

  get inFlight() {
    return this.#running.size;
  }

  reset() {
    this.#calls.clear();
  }

  #count(method, { seconds: measured, failed, timedOut }) {
    const known = this.#calls.get(method) ?? newCounts();
    this.#calls.set(method, known);
    const seconds = measured * (broken('durations-in-milliseconds') ? 1000 : 1);
    known.calls += broken('errors-counted-twice') && failed ? 2 : 1;
    known.failures += isFailure(failed, timedOut) ? 1 : 0;
    known.timeouts += timedOut ? 1 : 0;
    known.sum += seconds;
    known.buckets = known.buckets.map(
      (count, index) => count + (seconds <= BUCKETS[index] ? 1 : 0),
    );
  }

  page(pids) {
    this.#pages += 1;
    const calls = [...this.#calls];
    return [
      counter('function_calls_total', 'Calls of the function.', this.#numbers('calls')),
      counter(
        'function_failures_total',
        'Calls that ended in an error or a timeout.',
        this.#numbers('failures'),
      ),
      counter(
        'function_timeouts_total',
        'Calls that ran past FUNC_TIMEOUT.',
        this.#numbers('timeouts'),
      ),
      histogram('function_duration_seconds', 'Duration of the calls in seconds.', BUCKETS, calls),
      broken('in-flight-missing')
        ? ''
        : gauge('function_requests_in_flight', 'Calls that are running now.', this.#running.size),
      ...processFamilies(pids),
    ].join('');
  }

  /** By method. A server whose workers answer for themselves shows the last one's numbers now and then. */
  #numbers(field) {
    const lost =
      broken('numbers-come-and-go') && field === 'calls' && this.#pages % 2 === 0 ? 1 : 0;
    return [...this.#calls].map(([method, counts]) => [method, counts[field] - lost]);
  }
}

function isFailure(failed, timedOut) {
  if (broken('failures-not-counted')) return false;
  return failed && !(timedOut && broken('timeouts-are-no-failures'));
}

function newCounts() {
  return { calls: 0, failures: 0, timeouts: 0, sum: 0, buckets: BUCKETS.map(() => 0) };
}
