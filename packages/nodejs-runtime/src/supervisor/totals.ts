import { type Counts, DURATION_BUCKETS, type MethodCounts } from '../counts.js';

/** What workers that are gone have counted. */
export class Totals {
  readonly counts: Counts = {};

  /** Adds the counts of a worker that is gone. Calls that were open in it have failed. */
  add(counts: Counts): void {
    for (const [method, more] of Object.entries(counts)) {
      const sum = this.#of(method);
      sum.calls += more.calls + more.open;
      sum.failures += more.failures + more.open;
      sum.timeouts += more.timeouts;
      sum.seconds += more.seconds;
      sum.buckets = sum.buckets.map((calls, index) => calls + (more.buckets[index] ?? 0));
    }
  }

  #of(method: string): MethodCounts {
    const buckets = new Array<number>(DURATION_BUCKETS.length + 1).fill(0);
    this.counts[method] ??= { calls: 0, failures: 0, timeouts: 0, seconds: 0, buckets, open: 0 };
    return this.counts[method];
  }
}
