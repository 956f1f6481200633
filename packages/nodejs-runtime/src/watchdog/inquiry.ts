import { type Debugger, Session } from 'node:inspector';
import { OVERDUE, VERDICT } from './cells.js';

/**
 * A main thread that runs JavaScript pauses and answers within some 20 ms, even in a regular expression.
 * The timer also keeps this thread alive, which a pending answer of the inspector does not.
 */
const ANSWER_WITHIN_MS = 300;

/**
 * Frames of Node that note on a stack of their own which callback they run, and take the note back when
 * it returns. A terminated callback never returns, and Node aborts the process over the wrong stack;
 * so the note is taken back in the frame itself, with the variables that it would have used.
 */
const NOTING_FRAMES = new Set([
  'listOnTimeout',
  'processImmediate',
  'processTicksAndRejections',
  'runInAsyncScope',
]);
const TAKE_NOTE_BACK = 'emitAfter(asyncId)';

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
        if (verdict === OVERDUE) takeNotesBack(session, params.callFrames);
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

function takeNotesBack(session: Session, frames: Debugger.CallFrame[]): void {
  for (const { functionName, callFrameId } of frames)
    if (NOTING_FRAMES.has(functionName))
      session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: TAKE_NOTE_BACK });
}
