/**
 * Clock and timers as they are before the function is loaded: functions and the libraries they bring may
 * replace the global ones.
 */
export {
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from 'node:timers';

export const now: () => number = performance.now.bind(performance);
