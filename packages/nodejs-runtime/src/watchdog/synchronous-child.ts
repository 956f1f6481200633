import { familyOf, type ProcessStat, readProcesses, TICKS_PER_SECOND } from '../processes.js';

/** What /proc's hundredths of a second and the watchdog's beats may be off by. */
const TOLERANCE_SECONDS = 0.25;

/**
 * Ends the child process that the main thread waits for (execSync and the like), so that the thread runs
 * JavaScript again and can be interrupted there. That child was started when the thread stopped beating.
 *
 * @returns whether there was one
 */
export function killSynchronousChild(silenceMs: number): boolean {
  const processes = readProcesses();
  const child = waitedFor(process.pid, process.uptime() - silenceMs / 1000, processes);
  if (!child) return false;
  for (const { pid } of familyOf(child.pid, processes).reverse()) kill(pid);
  return true;
}

/**
 * @param since seconds after the start of the process `parent`
 * @returns its youngest child, unless that was there before `since`
 */
export function waitedFor(
  parent: number,
  since: number,
  processes: ProcessStat[],
): ProcessStat | undefined {
  const own = processes.find(({ pid }) => pid === parent);
  const children = processes.filter((stat) => stat.parent === parent);
  const youngest = children.sort((a, b) => a.startTicks - b.startTicks).at(-1);
  if (!own || !youngest) return undefined;
  const startedAt = (youngest.startTicks - own.startTicks) / TICKS_PER_SECOND;
  return startedAt >= since - TOLERANCE_SECONDS ? youngest : undefined;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended by itself
  }
}
