/**
 * `process.removeAllListeners()` is for a program to call that is alone in its process; a function that calls
 * it, to start afresh or in a library made for tests, must not take the server's listeners along, nor Node's
 * own, by which signals and the supervisor's messages arrive.
 */
export function keepListeners(process: NodeJS.Process): void {
  const kept = process.eventNames().flatMap((name) => {
    const listeners = process.rawListeners(name) as Listener[];
    return listeners.map((listener) => ({ name, listener }));
  });
  // Node's own first: they see to it that a signal that is listened for arrives.
  kept.sort((a, b) => Number(isAboutListeners(b.name)) - Number(isAboutListeners(a.name)));
  const { removeAllListeners } = process;
  process.removeAllListeners = (...names: [eventName?: never]) => {
    removeAllListeners.apply(process, names);
    for (const { name, listener } of kept)
      if (!process.rawListeners(name).includes(listener)) process.on(name as 'exit', listener);
    return process;
  };
}

type Listener = (...values: unknown[]) => void;

function isAboutListeners(name: string | symbol): boolean {
  return name === 'newListener' || name === 'removeListener';
}
