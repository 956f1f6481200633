import { setTimeout as sleep } from 'node:timers/promises';
import { fetchFrom, NoAnswer } from '../testing/http.js';

/** A server has this long to be healthy: the slowest fixture takes 4 s to load, a busy machine more. */
const START_LIMIT_MS = 20_000;
/** An image without functions has nothing to load: what listens elsewhere is told sooner. */
const PLAIN_LIMIT_MS = 8_000;
const POLL_MS = 30;
/** Asking the engine costs more than asking the server. */
const POLLS_PER_END_CHECK = 8;

/** The server ended, or /healthz never answered 200. */
export class NotHealthy extends Error {
  override name = 'NotHealthy';

  constructor(
    message: string,
    /** It still runs, and may only be slow. */
    readonly tooSlow = false,
  ) {
    super(message);
  }
}

export interface Startup {
  origin: string;
  /** Where it should listen, for the message. */
  where: string;
  hasFunctions: boolean;
  /** Instead of what its functions would need. */
  limitMs?: number;
  /** Which status of /healthz means health; 200 if unset. */
  isHealthy?: (status: number) => boolean;
  /** What to say if the server has ended in the meantime; undefined while it runs. */
  ended: () => Promise<string | undefined>;
}

/**
 * Polls /healthz until it answers 200.
 *
 * @throws NotHealthy
 */
export async function untilHealthy(startup: Startup): Promise<void> {
  const { origin, where, ended, isHealthy = (status) => status === 200 } = startup;
  const limitMs = startup.limitMs ?? (startup.hasFunctions ? START_LIMIT_MS : PLAIN_LIMIT_MS);
  const end = Date.now() + limitMs;
  for (let poll = 1; ; poll++) {
    const seen = await probe(origin);
    if (typeof seen === 'number' && isHealthy(seen)) return;
    const isLate = Date.now() > end;
    const reason = isLate || poll % POLLS_PER_END_CHECK === 0 ? await ended() : undefined;
    if (reason !== undefined)
      throw new NotHealthy(`the server ended before it was healthy: ${reason}`);
    if (isLate)
      throw new NotHealthy(
        `process.port: /healthz on ${where} did not answer 200 within ${limitMs / 1000} s; at the end: ${typeof seen === 'number' ? `status ${seen}` : seen}`,
        true,
      );
    await sleep(POLL_MS);
  }
}

async function probe(origin: string): Promise<number | string> {
  try {
    const { status } = await fetchFrom(origin, '/healthz', { limitMs: 2000 });
    return status;
  } catch (error) {
    if (error instanceof NoAnswer) return 'no answer (nothing listens there)';
    throw error;
  }
}
