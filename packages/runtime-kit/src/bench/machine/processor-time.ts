import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second, whatever its own tick is. */
const TICKS_PER_SECOND = 100;

/** Seconds that all processors together have worked, time that the host took away included. */
export async function busySeconds(): Promise<number | undefined> {
  try {
    return parseBusySeconds(await readFile('/proc/stat', 'utf8'));
  } catch {
    return undefined; // not Linux
  }
}

export function parseBusySeconds(stat: string): number | undefined {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (!fields) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** How many processors were busy on average between two readings. */
export function busyCores(
  before: number | undefined,
  after: number | undefined,
  seconds: number,
): number | undefined {
  if (before === undefined || after === undefined || seconds <= 0) return undefined;
  return (after - before) / seconds;
}
