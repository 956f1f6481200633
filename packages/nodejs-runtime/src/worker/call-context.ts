import { AsyncLocalStorage } from 'node:async_hooks';
import { hasNativeContext } from '../async-context.js';
import type { Linked, LinkedList } from './linked-list.js';

/** Knows for which call the code runs that runs now, also after an await or in a timer. */
export interface CallContext<Call> {
  run<T>(call: Call, action: () => T): T;
  current(): Call | undefined;
}

/** @param running the calls that are not over, in the order of their start */
export function createCallContext<Call extends Linked>(
  running: LinkedList<Call>,
): CallContext<Call> {
  return hasNativeContext ? nativeContext() : guessedContext(running);
}

function nativeContext<Call>(): CallContext<Call> {
  const storage = new AsyncLocalStorage<Call>();
  return {
    run: (call, action) => storage.run(call, action),
    current: () => storage.getStore(),
  };
}

/**
 * For Node 20, on which no image is built but functions can be tried: the call that runs is taken to
 * be the last one that started, which is right unless a call loops long after others began.
 */
function guessedContext<Call extends Linked>(running: LinkedList<Call>): CallContext<Call> {
  return {
    run: (_call, action) => action(),
    current: () => running.last,
  };
}
