import { messageOf } from '../errors.js';

/** The HTTP status of an engine's answer; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** What the engine itself said, without the client's words around it. */
export function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { message } = (error.json ?? {}) as { message?: unknown };
    if (typeof message === 'string') return message.trim();
  }
  return messageOf(error).trim();
}
