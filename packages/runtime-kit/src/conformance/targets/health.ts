import { setTimeout as sleep } from 'node:timers/promises';
import { fetchFrom, NoAnswer } from '../testing/http.js';

/** A server has this long to be healthy; the slowest fixture takes 4 s to load. */
export const START_LIMIT_MS = 15_000;

/** The server ended, or /healthz never answered 200. */
export class NotHealthy extends Error {
  override name = 'NotHealthy';
}

/**
 * Polls /healthz until it answers 200.
 *
 * @param ended what to say if the server has ended in the meantime; undefined while it runs.
 * @throws NotHealthy
 */
export async function untilHealthy(
  origin: string,
  where: string,
  ended: () => Promise<string | undefined>,
): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  for (let seen = 'nothing listens'; ; ) {
    seen = await probe(origin);
    if (seen === 'healthy') return;
    const reason = await ended();
    if (reason !== undefined)
      throw new NotHealthy(`the server ended before it was healthy: ${reason}`);
    if (Date.now() > end)
      throw new NotHealthy(
        `process.port: /healthz on ${where} did not answer 200 within ${START_LIMIT_MS / 1000} s; at the end: ${seen}`,
      );
    await sleep(25);
  }
}

async function probe(origin: string): Promise<string> {
  try {
    const { status } = await fetchFrom(origin, '/healthz', { limitMs: 2000 });
    return status === 200 ? 'healthy' : `status ${status}`;
  } catch (error) {
    if (error instanceof NoAnswer) return 'no answer (nothing listens there)';
    throw error;
  }
}
