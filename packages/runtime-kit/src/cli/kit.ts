/** What command lines of this repository share: how they end, and how they print. */
export { report } from './failure.js';
export { interruptible } from './interrupt.js';
export { print, printJson, printTable, renderTable } from './print.js';
export { addCommands, runProgram } from './run-program.js';
