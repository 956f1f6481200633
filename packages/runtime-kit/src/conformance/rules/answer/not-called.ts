import type { Server } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { check } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

const LOG_WITHIN_MS = 2000;

/** The path of a call that prints `mark`. */
export function printing(mark: string): string {
  return `/print?text=${mark}&to=stdout`;
}

/**
 * Throws where the function printed `mark`. What another call printed afterwards is waited for, so
 * that the log is not read too early.
 */
export async function expectNotCalled(t: CaseContext, server: Server, mark: string): Promise<void> {
  const later = t.mark();
  await server.fetch(printing(later));
  const lines = await until(`${later} in the log`, LOG_WITHIN_MS, async () => {
    const printed = (await server.log()).stdout.split('\n');
    return printed.includes(later) && printed;
  });
  check(!lines.includes(mark), 'the function was called');
}
