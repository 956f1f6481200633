import type { Server } from '../../targets/target.js';
import { check, equal } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

/** 100 ms until it is written, and what the engine takes to hand it on. */
export const LOG_WITHIN_MS = 600;

/** Five and a half hours east of UTC: a local hour that is taken for UTC shows. */
export const OTHER_ZONE = 'Asia/Kolkata';

export const linesWith = (text: string, mark: string): string[] =>
  text.split('\n').filter((line) => line.includes(mark));

/** The only line of stdout with the mark. */
export async function accessLine(server: Server, mark: string): Promise<string> {
  await until(`an access line with ${mark}`, LOG_WITHIN_MS, async () => {
    return linesWith((await server.log()).stdout, mark).length > 0;
  });
  const lines = linesWith((await server.log()).stdout, mark);
  equal(lines.length, 1, `number of access lines with ${mark}`);
  return lines[0] ?? '';
}

export function expectNow(time: string, what: string): void {
  const offMs = Math.abs(Date.now() - Date.parse(time));
  check(offMs < 60_000, `${what}: expected the present, it is ${Math.round(offMs / 1000)} s off`);
}
