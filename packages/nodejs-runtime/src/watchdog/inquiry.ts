import { type Debugger, Session } from 'node:inspector';
import { OVERDUE, VERDICT } from './cells.js';

/**
 * A main thread that runs JavaScript pauses and answers within some 20 ms, even in a regular expression.
 * The timer also keeps this thread alive, which a pending answer of the inspector does not.
 */
const ANSWER_WITHIN_MS = 1000;

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

/**
 * Pauses the main thread, asks for its verdict on what it is doing, and lets it go on or terminates what
 * runs. As it is paused meanwhile, nothing else can take the blow.
 *
 * @returns the verdict: milliseconds or OVERDUE; undefined if the main thread could not be paused
 */
export function inquire(): Promise<number | undefined> {
  const session = new Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    const finish = (verdict: number | undefined) => {
      clearTimeout(patience);
      session.disconnect(); // also lifts a pause that comes too late
      resolve(verdict);
    };
    const patience = setTimeout(finish, ANSWER_WITHIN_MS, undefined);
    session.once('Debugger.paused', ({ params }) => {
      askVerdict(session, (verdict) => {
        if (verdict === OVERDUE) closeBooks(session, params.callFrames);
        session.post('Debugger.resume', { terminateOnResume: verdict === OVERDUE }, () =>
          finish(verdict),
        );
      });
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}

function askVerdict(session: Session, then: (verdict: number) => void): void {
  const expression = `globalThis[Symbol.for(${JSON.stringify(VERDICT)})]()`;
  session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, answer) => {
    const value: unknown = error ? undefined : answer.result.value;
    then(typeof value === 'number' ? value : 0);
  });
}

function closeBooks(session: Session, frames: Debugger.CallFrame[]): void {
  for (const { functionName, callFrameId } of frames) {
    const expression = Object.hasOwn(ON_RETURN, functionName) ? ON_RETURN[functionName] : undefined;
    if (expression) session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression });
  }
}
