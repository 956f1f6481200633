import { type Debugger, Session } from 'node:inspector';
import { OVERDUE, WITNESS, type Witness } from './cells.js';

/** A main thread that runs JavaScript answers within a few milliseconds, even in a regular expression. */
const ANSWER_WITHIN_MS = 100;

/** To pause, the inspector first tells of every script there is, which takes its time with many. */
const PAUSE_WITHIN_MS = 3000;
const POLL_MS = 20;

/** Only where this very callback is the innermost one noted. */
const TAKE_NOTE_BACK =
  "asyncId === process.getBuiltinModule('async_hooks').executionAsyncId() && emitAfter(asyncId)";

/**
 * Frames of Node that keep books on the callback they run, and what each does when it returns. A terminated
 * callback never returns, so that is done in the frame itself, with its own variables. Otherwise Node
 * aborts the process over its stack of callbacks, or never gets past the immediate that was ended.
 */
const ON_RETURN: Readonly<Record<string, string>> = {
  listOnTimeout: TAKE_NOTE_BACK,
  processImmediate: `immediate._destroyed && (${TAKE_NOTE_BACK}, outstandingQueue.head = immediate._idleNext)`,
  processTicksAndRejections: TAKE_NOTE_BACK,
  runInAsyncScope: TAKE_NOTE_BACK,
};

/** A session with the main thread's inspector: asks what runs there, and ends it. */
export class Inquiry {
  readonly #session = new Session();
  #isDebugging = false;
  #isClosed = false;

  constructor() {
    this.#session.connectToMainThread();
  }

  /**
   * Calls the witness inside what the main thread runs, which goes on right after.
   *
   * @returns its answer; undefined where the main thread is inside native code and cannot answer
   */
  ask(question: keyof Witness): Promise<number | undefined> {
    return new Promise((resolve) => {
      // The timer also keeps this thread alive, which a pending answer of the inspector does not.
      const patience = setTimeout(resolve, ANSWER_WITHIN_MS, undefined);
      this.#evaluate(question, (answer) => {
        clearTimeout(patience);
        resolve(answer);
      });
    });
  }

  /** Has the inspector tell of all scripts, so that `end` finds that done. */
  prepare(): void {
    if (!this.#isDebugging) this.#session.post('Debugger.enable');
    this.#isDebugging = true;
  }

  /**
   * Pauses the main thread, asks once more, and terminates what is overdue. As the thread is paused
   * meanwhile, nothing else can take the blow.
   *
   * @param isHeldUp whether the main thread still does what it did
   * @param findSuspensions called right before the main thread is asked
   * @returns the verdict; undefined if the thread could not be paused although it is held up
   */
  end(isHeldUp: () => boolean, findSuspensions: () => void): Promise<number | undefined> {
    return new Promise((resolve) => {
      const finish = (verdict: number | undefined) => {
        clearTimeout(patience);
        clearInterval(poll);
        resolve(verdict);
      };
      const patience = setTimeout(finish, PAUSE_WITHIN_MS, undefined);
      const poll = setInterval(() => isHeldUp() || finish(0), POLL_MS);
      this.#session.once('Debugger.paused', ({ params }) => {
        if (this.#isClosed) return;
        findSuspensions();
        this.#evaluate('condemn', (verdict) => {
          if (this.#isClosed) return;
          if (verdict === OVERDUE) this.#closeBooks(params.callFrames);
          const terminateOnResume = verdict === OVERDUE;
          this.#session.post('Debugger.resume', { terminateOnResume }, () => finish(verdict));
        });
      });
      this.prepare();
      this.#session.post('Debugger.pause');
    });
  }

  /** Also lifts a pause that comes too late. */
  close(): void {
    this.#isClosed = true;
    this.#session.disconnect();
  }

  #evaluate(question: keyof Witness, then: (answer: number) => void): void {
    const expression = `globalThis[Symbol.for(${JSON.stringify(WITNESS)})].${question}()`;
    this.#session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, answer) => {
      const value: unknown = error ? undefined : answer.result.value;
      then(typeof value === 'number' ? value : 0);
    });
  }

  #closeBooks(frames: Debugger.CallFrame[]): void {
    for (const { functionName, callFrameId } of frames) {
      const expression = Object.hasOwn(ON_RETURN, functionName)
        ? ON_RETURN[functionName]
        : undefined;
      if (expression)
        this.#session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    }
  }
}
