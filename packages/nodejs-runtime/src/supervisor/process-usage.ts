import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** Of this process, all its descendants, and those that have ended. */
  cpuSeconds: number;
  residentBytes: number;
  /** When this process started, since the Unix epoch. */
  startSeconds: number;
}

/** Linux has counted processor time in hundredths of a second for programs since 2.6. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
/** Worked out once: to Prometheus, a value that moves is a restart. */
const startSeconds = Date.now() / 1000 - process.uptime();

interface ProcessStat {
  pid: number;
  parent: number;
  /** Its own and that of the children it has waited for. */
  ticks: number;
  pages: number;
}

/** What the container's processes use, by /proc; without it (not Linux) this process alone. */
export function processUsage(): ProcessUsage {
  const family = familyOf(process.pid, readProcesses());
  if (family.length === 0) {
    const { user, system } = process.cpuUsage();
    return {
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
      startSeconds,
    };
  }
  const sum = (pick: (stat: ProcessStat) => number) =>
    family.reduce((total, stat) => total + pick(stat), 0);
  return {
    cpuSeconds: sum((stat) => stat.ticks) / TICKS_PER_SECOND,
    residentBytes: sum((stat) => stat.pages) * PAGE_BYTES,
    startSeconds,
  };
}

function readProcesses(): ProcessStat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => readStat(Number(pid)) ?? []);
  } catch {
    return [];
  }
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // it has just ended
  }
}

/** See proc(5); the command's name, in parentheses, may hold anything, so counting starts behind it. */
export function parseStat(pid: number, text: string): ProcessStat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  const ticks = field(14) + field(15) + field(16) + field(17);
  return { pid, parent: field(4), ticks, pages: field(24) };
}

/** A process and all its descendants. */
export function familyOf(pid: number, processes: ProcessStat[]): ProcessStat[] {
  const family = processes.filter((stat) => stat.pid === pid);
  for (const member of family)
    family.push(...processes.filter((stat) => stat.parent === member.pid && stat.pid !== pid));
  return family;
}
