import { type Counts, DURATION_BUCKETS, type MethodCounts } from '../messages.js';
import { setImmediate } from './clock.js';

export type Outcome = 'answered' | 'failed' | 'timed-out';

/** A method that a caller makes up must not become a label of its own. */
const LABELS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Counts calls in plain numbers. prom-client hashes its labels on every observation, which costs more
 * than the rest of a short call; here the supervisor turns plain numbers into prom-client's metrics when
 * somebody reads them.
 */
export class CallCounts {
  readonly #byMethod = new Map<string, MethodCounts & { running: number }>();
  readonly #report: (counts: Counts) => void;
  #scheduled = false;

  /**
   * @param report is given the counts at the end of each turn of the event loop that changed them,
   *   so that a worker that dies takes nothing with it but its last turn
   */
  constructor(report: (counts: Counts) => void) {
    this.#report = report;
  }

  begin(method: string): void {
    this.#of(method).running++;
    this.#changed();
  }

  end(method: string, seconds: number, outcome: Outcome): void {
    const counts = this.#of(method);
    counts.running--;
    counts.calls++;
    if (outcome !== 'answered') counts.failures++;
    if (outcome === 'timed-out') counts.timeouts++;
    counts.seconds += seconds;
    const bucket = bucketOf(seconds);
    counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
    this.#changed();
  }

  report(): void {
    const counts: Counts = { byMethod: {}, running: {} };
    for (const [method, { running, ...rest }] of this.#byMethod) {
      counts.byMethod[method] = rest;
      if (running > 0) counts.running[method] = running;
    }
    this.#report(counts);
  }

  #of(received: string): MethodCounts & { running: number } {
    const method = LABELS.has(received) ? received : 'OTHER';
    let counts = this.#byMethod.get(method);
    if (!counts) {
      const buckets = new Array<number>(DURATION_BUCKETS.length + 1).fill(0);
      counts = { calls: 0, failures: 0, timeouts: 0, seconds: 0, buckets, running: 0 };
      this.#byMethod.set(method, counts);
    }
    return counts;
  }

  #changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.report();
    });
  }
}

/** Index of the first bucket that holds the duration; the last index is "+Inf". */
export function bucketOf(seconds: number): number {
  const index = DURATION_BUCKETS.findIndex((bound) => seconds <= bound);
  return index === -1 ? DURATION_BUCKETS.length : index;
}
