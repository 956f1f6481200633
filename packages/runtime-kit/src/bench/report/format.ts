import type { Spread } from '../statistics/describe.js';

const NONE = '–';

/** A median with half of its range in per cent behind it: `12,345 ±2 %`. */
export function withSpread(spread: Spread | undefined, show: (value: number) => string): string {
  if (!spread) return NONE;
  if (spread.count === 1) return show(spread.median);
  return `${show(spread.median)} ±${halfRange(spread)} %`;
}

function halfRange({ low, high, median }: Spread): number {
  return Math.round(((high - low) / 2 / median) * 100);
}

export function median(spread: Spread | undefined, show: (value: number) => string): string {
  return spread ? show(spread.median) : NONE;
}

export function rate(perSecond: number): string {
  return perSecond.toLocaleString('en', { maximumFractionDigits: 0 });
}

/** Three digits, whatever the size: `0.42 ms`, `12.3 ms`, `1,230 ms`. */
export function milliseconds(value: number): string {
  return `${threeDigits(value)} ms`;
}

export function microseconds(value: number): string {
  return `${threeDigits(value)} µs`;
}

export function mebibytes(bytes: number): string {
  return `${threeDigits(bytes / 2 ** 20)} MiB`;
}

export function times(ratio: number): string {
  return `${threeDigits(ratio)} ×`;
}

function threeDigits(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 4 });
}

/** A reason may hold a server's log: its beginning and its end, on one line. */
export function oneLine(text: string, most = 240): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const half = Math.floor((most - 3) / 2);
  return `${line.slice(0, half)} … ${line.slice(-half)}`;
}
