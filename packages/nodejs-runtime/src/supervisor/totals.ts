import { type Counts, DURATION_BUCKETS, type MethodCounts } from '../messages.js';

/** The container's counts: what each worker last reported, and what the dead ones left. */
export class Totals<Worker> {
  readonly #reported = new Map<Worker, Counts>();
  readonly #left: Counts = { byMethod: {}, running: {} };

  report(worker: Worker, counts: Counts): void {
    this.#reported.set(worker, counts);
  }

  /** Keeps the counts of a worker that is gone. Calls that ran in it have failed. */
  retire(worker: Worker): void {
    const counts = this.#reported.get(worker);
    if (!counts) return;
    this.#reported.delete(worker);
    for (const [method, running] of Object.entries(counts.running)) {
      const lost = this.#leftOf(method);
      lost.calls += running;
      lost.failures += running;
    }
    for (const [method, ended] of Object.entries(counts.byMethod)) add(this.#leftOf(method), ended);
  }

  /** All parts, to be summed. */
  parts(): Counts[] {
    return [this.#left, ...this.#reported.values()];
  }

  #leftOf(method: string): MethodCounts {
    const none = { calls: 0, failures: 0, timeouts: 0, seconds: 0 };
    this.#left.byMethod[method] ??= {
      ...none,
      buckets: new Array<number>(DURATION_BUCKETS.length + 1).fill(0),
    };
    return this.#left.byMethod[method];
  }
}

function add(sum: MethodCounts, more: MethodCounts): void {
  sum.calls += more.calls;
  sum.failures += more.failures;
  sum.timeouts += more.timeouts;
  sum.seconds += more.seconds;
  sum.buckets = sum.buckets.map((count, index) => count + (more.buckets[index] ?? 0));
}
