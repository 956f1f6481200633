import { OVERDUE } from '../watchdog/cells.js';
import type { Call } from './call.js';
import { Heartbeat } from './heartbeat.js';

export interface DeadlineOptions {
  timeoutMs: number;
  /** Calls that are not over, oldest first. */
  running: ReadonlySet<Call>;
  /** The call for which code runs at this moment. */
  current: () => Call | undefined;
  onOverdue: (call: Call) => void;
  /** Something that belongs to no running call blocked the thread and is being terminated. */
  onOverdueBackground: () => void;
}

/**
 * Knows when each call must be over: FUNC_TIMEOUT after its start, and as much later as others held the
 * thread up meanwhile. A call that waits is ended by a timer, one that blocks the thread by the watchdog.
 */
export class Deadlines {
  readonly #options: DeadlineOptions;
  readonly #heartbeat: Heartbeat;

  constructor(options: DeadlineOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(() => {
      const [oldest] = options.running;
      return oldest && this.#deadlineOf(oldest, this.#heartbeat.heldUpBefore()) - performance.now();
    });
  }

  /** @returns what a new call keeps as `heldUpAtStart` */
  begin(): number {
    this.#heartbeat.wake();
    return this.#heartbeat.heldUpBefore();
  }

  /** Starts the timer of a call that waits. */
  set(call: Call): void {
    if (call.deadline || call.over) return;
    call.deadline = setTimeout(() => this.#check(call), this.#options.timeoutMs);
  }

  startWatchdog(reportFd: number | undefined): Promise<void> {
    const { timeoutMs } = this.#options;
    return this.#heartbeat.startWatchdog(() => this.#verdict(), { timeoutMs, reportFd });
  }

  #check(call: Call): void {
    const now = performance.now();
    const left = this.#deadlineOf(call, this.#heartbeat.heldUp(now)) - now;
    if (left > 1) call.deadline = setTimeout(() => this.#check(call), left);
    else this.#options.onOverdue(call);
  }

  /**
   * Runs inside whatever holds the thread up, while the watchdog has paused it. The present hold-up
   * counts against the call that causes it, so only earlier ones extend its deadline.
   */
  #verdict(): number {
    const now = performance.now();
    const call = this.#options.current();
    const blamed = call && !call.over ? call : undefined;
    const left = blamed
      ? this.#deadlineOf(blamed, this.#heartbeat.heldUpBefore()) - now
      : this.#options.timeoutMs - this.#heartbeat.silence(now);
    if (left > 0) return Math.ceil(left);
    const { onOverdue, onOverdueBackground } = this.#options;
    setImmediate(() => {
      this.#heartbeat.confirmEnd();
      if (blamed) onOverdue(blamed);
      else onOverdueBackground();
    });
    return OVERDUE;
  }

  #deadlineOf(call: Call, heldUpMs: number): number {
    return call.startedAt + this.#options.timeoutMs + heldUpMs - call.heldUpAtStart;
  }
}
