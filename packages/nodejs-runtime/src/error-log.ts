import { inspect } from 'node:util';

export type LogError = (error: unknown) => void;

/** Errors go to stderr at once, one write each; in JSON as one object a line. */
export function errorLog(format: 'combined' | 'json'): LogError {
  const render = format === 'json' ? jsonError : plainError;
  return (error) => {
    process.stderr.write(`${render(error)}\n`);
  };
}

/** With stack, cause and properties, as Node itself prints an uncaught error. */
export function plainError(error: unknown): string {
  return typeof error === 'string' ? error : inspect(error);
}

export function jsonError(error: unknown): string {
  const isError = error instanceof Error;
  return JSON.stringify({
    time: new Date().toISOString(),
    level: 'error',
    message: isError ? error.message : plainError(error),
    stack: isError ? inspect(error) : null,
  });
}
