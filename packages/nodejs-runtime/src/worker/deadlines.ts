import { OVERDUE, type WatchdogData } from '../watchdog/cells.js';
import type { Call } from './call.js';
import { clearTimeout, now, setImmediate, setTimeout } from './clock.js';
import { Heartbeat } from './heartbeat.js';
import type { LinkedList } from './linked-list.js';

export interface DeadlineOptions {
  timeoutMs: number;
  /** Calls that are not over, oldest first. */
  running: Pick<LinkedList<Call>, 'first' | 'size'>;
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
  #heldUpMs = 0;
  /** When a call last began or ended; what runs now, if it is no call's, does so since then at most. */
  #changedAt = 0;
  /** Who holds the thread up at this moment, as far as the watchdog had to ask. */
  #culprit: Call | undefined;

  constructor(options: DeadlineOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat({
      headroomMs: () => {
        const oldest = options.running.first;
        return oldest && this.#deadlineOf(oldest) - now();
      },
      onHeldUp: (milliseconds, suspendedMs) => this.#noteHoldUp(milliseconds, suspendedMs),
    });
  }

  /** To be told when a call has been added to the running ones. */
  begin(call: Call): void {
    this.#heartbeat.wake();
    this.#noteChange();
    call.heldUpAtStart = this.#heldUpMs + this.#heartbeat.heldUpNow();
  }

  /** To be told when a call has been taken from the running ones. */
  end(call: Call): void {
    clearTimeout(call.deadline);
    this.#noteChange();
  }

  /** Starts the timer of a call that waits. */
  set(call: Call): void {
    if (call.deadline || call.over) return;
    call.deadline = setTimeout(() => this.#check(call), this.#options.timeoutMs);
  }

  startWatchdog(
    data: Pick<WatchdogData, 'reportFd' | 'logFormat'>,
    onLoss: (error: Error) => void,
  ): Promise<void> {
    const witness = {
      verdict: () => this.#verdict(),
      condemn: () => this.#condemn(),
      leftover: () => (this.#options.current()?.over ? 1 : 0),
    };
    const { timeoutMs } = this.#options;
    return this.#heartbeat.startWatchdog(witness, { timeoutMs, ...data }, onLoss);
  }

  /** Whether a call that is done just now has taken too long: native code cannot be ended in time. */
  isOverdue(call: Call): boolean {
    if (this.#deadlineOf(call) >= now() || this.#leftOf(call) >= -1) return false;
    this.#heartbeat.awaitLook(); // for a suspension that is not known of yet
    return this.#leftOf(call) < -1;
  }

  #check(call: Call): void {
    const left = this.#leftOf(call);
    if (left > 1) call.deadline = setTimeout(() => this.#check(call), left);
    else this.#overdue(call);
  }

  /**
   * Runs inside whatever holds the thread up. The present hold-up counts against the call that causes it, so
   * only earlier ones extend its deadline.
   */
  #verdict(): number {
    const call = this.#options.current();
    this.#culprit = call?.over ? undefined : call;
    const left = this.#culprit ? this.#ownLeftOf(this.#culprit) : this.#backgroundLeft();
    return left > 0 ? Math.ceil(left) : OVERDUE;
  }

  #condemn(): number {
    const verdict = this.#verdict();
    const blamed = this.#culprit;
    if (verdict === OVERDUE)
      setImmediate(() => {
        this.#heartbeat.confirmEnd();
        if (blamed) this.#overdue(blamed);
        else this.#options.onOverdueBackground();
      });
    return verdict;
  }

  #overdue(call: Call): void {
    if (call.over) return;
    this.#options.onOverdue(call);
    this.#heartbeat.noteTimeout();
  }

  #noteChange(): void {
    this.#changedAt = now();
    this.#heartbeat.setRunning(this.#options.running.size);
  }

  /** What a call did to the others does not extend its own time. */
  #noteHoldUp(milliseconds: number, suspendedMs: number): void {
    this.#heldUpMs += milliseconds;
    if (this.#culprit) this.#culprit.ownHoldUpMs += milliseconds - suspendedMs;
    this.#culprit = undefined;
  }

  /**
   * Milliseconds until the deadline, asked outside of any hold-up or at its end, when the late beat is still to
   * come. Who has never waited caused the hold-up itself.
   */
  #leftOf(call: Call): number {
    const isOwn = this.#culprit === call || call.deadline === undefined;
    if (isOwn) return this.#ownLeftOf(call);
    return this.#deadlineOf(call) + this.#heartbeat.heldUpNow() - now();
  }

  /** The same where the call causes the present hold-up, but for the part of it that is a suspension. */
  #ownLeftOf(call: Call): number {
    const suspendedMs = this.#heartbeat.suspendedWithin(now() - call.startedAt);
    return this.#deadlineOf(call) + suspendedMs - now();
  }

  #backgroundLeft(): number {
    const ranMs = Math.min(this.#heartbeat.silence(), now() - this.#changedAt);
    return this.#options.timeoutMs + this.#heartbeat.suspendedWithin(ranMs) - ranMs;
  }

  #deadlineOf(call: Call): number {
    const byOthersMs = this.#heldUpMs - call.heldUpAtStart - call.ownHoldUpMs;
    return call.startedAt + this.#options.timeoutMs + Math.max(0, byOthersMs);
  }
}
