import { inspect } from 'node:util';
import type { Config } from './config.js';

export type LogError = (error: unknown) => void;

/** Errors are written at once, one write each; in JSON as one object a line. */
export function errorLog(
  format: Config['logFormat'],
  write: (text: string) => unknown = (text) => process.stderr.write(text),
): LogError {
  return (error) => {
    write(`${errorLine(format, error)}\n`);
  };
}

export function errorLine(format: Config['logFormat'], error: unknown): string {
  return format === 'json' ? jsonError(error) : plainError(error);
}

/** With stack, cause and properties, as Node itself prints an uncaught error. */
export function plainError(error: unknown): string {
  if (typeof error === 'string') return error;
  try {
    return inspect(error);
  } catch {
    return `a thrown ${typeof error} that cannot be shown`; // it has getters or an inspector that throw
  }
}

export function jsonError(error: unknown): string {
  const text = plainError(error);
  const isError = error instanceof Error;
  return JSON.stringify({
    time: new Date().toISOString(),
    level: 'error',
    message: isError ? messageOf(error, text) : text,
    stack: isError ? text : null,
  });
}

function messageOf(error: Error, fallback: string): string {
  try {
    return String(error.message);
  } catch {
    return fallback;
  }
}

/**
 * Nobody can be told that stdout or stderr is broken. Unhandled, the error would be written to stderr, which
 * fails again, and so on for ever.
 */
export function ignoreBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
