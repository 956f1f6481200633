/**
 * Node 24 carries AsyncLocalStorage's context in V8; Node 22 does so behind a flag; Node 20 emulates it
 * with promise hooks, which are slow and which a terminated call leaves unbalanced, ending the process.
 */
const FLAG = '--experimental-async-context-frame';
const [major = 0] = process.versions.node.split('.').map(Number);

/** Flags that a worker is started with. */
export const contextFlags: readonly string[] = major === 22 ? [FLAG] : [];

/** Whether AsyncLocalStorage in this process is the fast and sturdy kind. */
export const hasNativeContext = major >= 24 || process.execArgv.includes(FLAG);
