import { percentile } from './ledger.js';
import { type Span, spanned } from './span.js';

/** What the contract allows between FUNC_TIMEOUT and the 408. */
export const GRACE_MS = 500;

export interface PunctualityResult {
  /** Calls that were answered with 408. */
  timeouts: number;
  /** How long after FUNC_TIMEOUT the 408 came, in ms. */
  medianMs: number;
  latestMs: number;
}

/**
 * How punctual the 408s were. The time for which a loop beside a call held its thread up does not
 * count against it (timeout.spares), and which calls share a thread is not to be seen from outside: so
 * the time of all loops beside it is taken off.
 */
export class Punctuality {
  private readonly loops: Span[] = [];
  private readonly waits: Span[] = [];

  constructor(private readonly timeoutMs: number) {}

  loop(span: Span): void {
    this.loops.push(span);
  }

  wait(span: Span): void {
    this.waits.push(span);
  }

  result(): PunctualityResult {
    const loops = this.loops.map((loop) => this.lateness(loop, []));
    const waits = this.waits.map((wait) => this.lateness(wait, this.loops));
    const late = Float64Array.from([...loops, ...waits]).sort();
    // Loops and waits end by different means: neither may hide behind the other.
    const medians = [loops, waits].map((kind) => percentile(Float64Array.from(kind).sort(), 0.5));
    return {
      timeouts: late.length,
      medianMs: Math.round(Math.max(...medians)),
      latestMs: Math.round(late.at(-1) ?? 0),
    };
  }

  private lateness(span: Span, beside: Span[]): number {
    const held = beside.reduce((sum, loop) => sum + spanned(span, loop), 0);
    return Math.max(0, span.to - span.from - this.timeoutMs - held);
  }
}
