import pc from 'picocolors';
import { RuntimeKitError } from '../errors.js';

/** Says on stderr what went wrong, and returns the exit code. Only the unexpected shows a stack. */
export function report(error: unknown, { json = false }: { json?: boolean } = {}): number {
  const known = toKnown(error);
  if (!known) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return 1;
  }
  const { code, message, hint } = known;
  process.stderr.write(
    json
      ? `${JSON.stringify({ error: { code, message, hint } })}\n`
      : `${pc.red(`${code}:`)} ${message}\n${hint === undefined ? '' : `${pc.dim(hint)}\n`}`,
  );
  return known.exitCode;
}

function toKnown(error: unknown): RuntimeKitError | undefined {
  if (error instanceof RuntimeKitError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new RuntimeKitError('INTERRUPTED', 'interrupted');
  return undefined;
}
