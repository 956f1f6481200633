import { RuntimeKitError } from '../errors.js';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `1h` in ms. @throws RuntimeKitError USAGE */
export function durationOf(flag: string): (text: string) => number {
  return (text) => {
    const [, value = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
    const milliseconds = Number(value) * (UNITS[unit] ?? 0);
    if (milliseconds > 0) return milliseconds;
    throw new RuntimeKitError('USAGE', `${flag} is "${text}"`, {
      hint: 'give a number with s, m or h behind it, such as 10m',
    });
  };
}

/** A whole number within bounds. @throws RuntimeKitError USAGE */
export function wholeNumber(flag: string, least: number, most = 2 ** 31 - 1) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new RuntimeKitError('USAGE', `${flag} is "${text}"`, {
      hint: `give a whole number from ${least} to ${most}`,
    });
  };
}

/** A seed where none was given; it is printed, so that the run can be repeated. */
export function anySeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
