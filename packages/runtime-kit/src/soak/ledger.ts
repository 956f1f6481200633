import { type Call, type Count, type Counts, UNSETTLED } from './call.js';
import { type Span, spanned } from './span.js';

/** How a call ended, as its client saw it. */
export interface Outcome extends Span {
  call: Pick<Call, 'kind' | 'method' | 'path' | 'counts' | 'mayBreak'>;
  /** Status of the answer; undefined where none came. */
  status?: number | undefined;
  /** The answer ended early. */
  truncated?: boolean | undefined;
  /** Nothing came within the time that a call can take at most. */
  hung?: boolean | undefined;
  /** What is not right with it; undefined where all is. */
  problem?: string | undefined;
}

export type Verdict = 'right' | 'wrong' | 'lost';

export interface KindResult {
  kind: string;
  calls: number;
  right: number;
  wrong: number;
  /** Ended by a crash that was another call's. */
  lost: number;
  /** Of the calls that were right, in ms. */
  p50Ms: number;
  p99Ms: number;
}

/** For so long after a crash a new request may fail: failure.exit. */
const RECOVERY_MS = 2000;
const EXAMPLES = 3;

/**
 * What the client asked and got. A call that broke while another one ended its process is lost, not
 * wrong: the contract protects other workers, not other calls of the same one.
 */
export class Ledger {
  private readonly kinds = new Map<string, KindResult & { durations: number[] }>();
  private readonly methods = new Map<string, Record<keyof Counts, [number, number]>>();
  private readonly problems = new Map<string, string[]>();
  private readonly broken: Outcome[] = [];
  private readonly crashes: Span[] = [];

  /** A call that ends its process. */
  crash(span: Span): void {
    this.crashes.push(span);
  }

  get crashCount(): number {
    return this.crashes.length;
  }

  add(outcome: Outcome): void {
    // Whether a crash was at work is only known when that one's caller has its outcome, too.
    if (isBroken(outcome)) this.broken.push(outcome);
    else this.settle(outcome, outcome.problem === undefined ? 'right' : 'wrong');
  }

  /** To be called at the end: decides on calls that broke. */
  close(): void {
    for (const outcome of this.broken.splice(0)) {
      const crashed = this.hasCrashed(outcome);
      const right = outcome.problem === undefined;
      const verdict = right ? 'right' : crashed ? 'lost' : 'wrong';
      this.settle(outcome, verdict, crashed || !right ? UNSETTLED : outcome.call.counts);
    }
  }

  /** Calls so far, and those that are wrong for sure. */
  totals(): { calls: number; wrong: number } {
    const all = [...this.kinds.values()];
    return {
      calls: all.reduce((sum, { calls }) => sum + calls, 0) + this.broken.length,
      wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
    };
  }

  results(): KindResult[] {
    return [...this.kinds.values()].map(({ durations, ...kind }) => {
      const sorted = Float64Array.from(durations).sort();
      return { ...kind, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
    });
  }

  /** What the metrics of each method must say. */
  expected(): Map<string, Counts> {
    return this.methods;
  }

  /** The first wrong answers of each kind. */
  examples(): Map<string, string[]> {
    return this.problems;
  }

  private settle(outcome: Outcome, verdict: Verdict, counts: Counts = outcome.call.counts): void {
    const { call, from, to, problem = '' } = outcome;
    const kind = this.kinds.get(call.kind) ?? newKind(call.kind);
    this.kinds.set(call.kind, kind);
    kind.calls++;
    kind[verdict]++;
    if (verdict === 'right') kind.durations.push(to - from);
    if (verdict === 'wrong') this.note(call.kind, problem);
    this.count(call.method, counts);
  }

  private note(kind: string, problem: string): void {
    const known = this.problems.get(kind) ?? [];
    this.problems.set(kind, known);
    if (known.length < EXAMPLES) known.push(problem);
  }

  private count(method: string, counts: Counts): void {
    const known = this.methods.get(method) ?? { calls: [0, 0], failures: [0, 0], timeouts: [0, 0] };
    this.methods.set(method, known);
    for (const name of ['calls', 'failures', 'timeouts'] as const) raise(known[name], counts[name]);
  }

  private hasCrashed(outcome: Outcome): boolean {
    if (outcome.hung) return false;
    return this.crashes.some(
      ({ from, to }) => spanned(outcome, { from, to: to + RECOVERY_MS }) > 0,
    );
  }
}

/** No answer, half an answer, or a 500 that it should not be: the process may have ended. */
function isBroken({ status, truncated, problem }: Outcome): boolean {
  return status === undefined || truncated === true || (status === 500 && problem !== undefined);
}

function newKind(kind: string): KindResult & { durations: number[] } {
  return { kind, calls: 0, right: 0, wrong: 0, lost: 0, p50Ms: 0, p99Ms: 0, durations: [] };
}

function raise(total: [number, number], [least, most]: Count): void {
  total[0] += least;
  total[1] += most;
}

/** 0 where there is none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
