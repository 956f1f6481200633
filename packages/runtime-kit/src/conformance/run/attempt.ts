import type { Case } from '../rule.js';
import { CaseContext, Skipped } from '../testing/context.js';
import { TooLate } from '../testing/expect.js';
import type { Servers } from '../testing/servers.js';

const LOG_LINES = 20;

/** Why a case failed, with the last log lines of the servers that it talked to. */
export class FailedAttempt extends Error {
  override name = 'FailedAttempt';

  constructor(
    override readonly cause: unknown,
    readonly log: string,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }

  /** Whether the server may only have had too little of the machine. */
  get isLate(): boolean {
    return (this.cause as { tooSlow?: boolean } | undefined)?.tooSlow === true;
  }
}

/**
 * Runs a case once.
 *
 * @throws FailedAttempt, also where it has not ended within the limit; Skipped
 */
export async function attempt(one: Case, servers: Servers, limitMs: number): Promise<void> {
  const t = new CaseContext(servers);
  try {
    await within(limitMs, one.run(t));
  } catch (error) {
    if (error instanceof Skipped) throw error;
    throw new FailedAttempt(error, await t.logTail(LOG_LINES).catch(() => ''));
  } finally {
    await t.dispose();
  }
}

async function within(limitMs: number, running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new TooLate(`the case has not ended within ${limitMs / 1000} s`);
    timer = setTimeout(() => reject(late), limitMs);
  });
  try {
    await Promise.race([running, limit]);
  } finally {
    clearTimeout(timer);
    running.catch(() => {}); // one that was given up fails when its servers are stopped
  }
}
