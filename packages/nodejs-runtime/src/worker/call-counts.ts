import { CountsRecord, labelOf, type MethodLabel, type WriteCounts } from '../counts.js';

/** The outcome of a call can only become worse. */
const BADNESS = { answered: 1, failed: 2, 'timed-out': 3 } as const;

export type Outcome = keyof typeof BADNESS;

/** Counts calls in plain numbers, which the supervisor turns into prom-client's metrics when somebody asks. */
export class CallCounts {
  readonly #records = new Map<MethodLabel, CountsRecord>();
  readonly #write: WriteCounts;

  constructor(write: WriteCounts) {
    this.#write = write;
  }

  begin(method: string): CountedCall {
    const label = labelOf(method);
    let record = this.#records.get(label);
    if (!record) {
      record = new CountsRecord(label, this.#write);
      this.#records.set(label, record);
    }
    return new CountedCall(record);
  }
}

/**
 * A call in the counts. Should the worker die, it has failed unless it was counted before: it is counted right
 * before the last bytes of its answer leave.
 */
export class CountedCall {
  readonly #record: CountsRecord;
  /** Of the outcome that is counted; 0 as long as the call is open. */
  #badness = 0;

  constructor(record: CountsRecord) {
    this.#record = record;
    record.add('open', 1);
    record.save();
  }

  /** A call counts once; one that was answered may still fail, or run past its time. */
  count(outcome: Outcome, seconds: number): void {
    const before = this.#badness;
    const after = BADNESS[outcome];
    if (after <= before) return;
    this.#badness = after;
    if (before === 0) {
      this.#record.add('open', -1);
      this.#record.addDuration(seconds);
    }
    if (before < BADNESS.failed && after >= BADNESS.failed) this.#record.add('failures', 1);
    if (outcome === 'timed-out') this.#record.add('timeouts', 1);
    this.#record.save();
  }
}
