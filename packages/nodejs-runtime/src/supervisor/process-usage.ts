import { familyOf, type ProcessStat, readProcesses, TICKS_PER_SECOND } from '../processes.js';

export interface ProcessUsage {
  /** Of this process, all its descendants, and those that have ended. */
  cpuSeconds: number;
  residentBytes: number;
  /** When this process started, since the Unix epoch. */
  startSeconds: number;
}

const PAGE_BYTES = 4096;

let highestCpuSeconds = 0;

/** What the container's processes use, by /proc; without it (not Linux) this process alone. */
export function processUsage(): ProcessUsage {
  const family = familyOf(process.pid, readProcesses());
  const { cpuSeconds, residentBytes } = family.length > 0 ? usageOf(family) : ownUsage();
  // A process whose parent died is no longer of the family: what it used must not be taken back.
  highestCpuSeconds = Math.max(highestCpuSeconds, cpuSeconds);
  return {
    cpuSeconds: highestCpuSeconds,
    residentBytes,
    startSeconds: performance.timeOrigin / 1000,
  };
}

function usageOf(family: ProcessStat[]): Pick<ProcessUsage, 'cpuSeconds' | 'residentBytes'> {
  const sum = (pick: (stat: ProcessStat) => number) =>
    family.reduce((total, stat) => total + pick(stat), 0);
  return {
    cpuSeconds: sum((stat) => stat.ticks) / TICKS_PER_SECOND,
    residentBytes: sum((stat) => stat.pages) * PAGE_BYTES,
  };
}

function ownUsage(): Pick<ProcessUsage, 'cpuSeconds' | 'residentBytes'> {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
}
