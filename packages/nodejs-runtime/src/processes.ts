import { readdirSync, readFileSync } from 'node:fs';

/** Linux has counted processor time in hundredths of a second for programs since 2.6. */
export const TICKS_PER_SECOND = 100;

/** A process as /proc shows it. */
export interface ProcessStat {
  pid: number;
  parent: number;
  /** `R` runs, or waits for nothing but a processor. */
  state: string;
  /** Processor time of its own and of the children it has waited for. */
  ticks: number;
  /** When it started, in ticks since the machine did. */
  startTicks: number;
  pages: number;
}

/** All processes; none where there is no /proc (not Linux). */
export function readProcesses(): ProcessStat[] {
  return readStats('/proc');
}

/** The threads of a process, likewise; a `pid` is a thread's number then. */
export function readThreads(pid: number): ProcessStat[] {
  return readStats(`/proc/${pid}/task`);
}

function readStats(folder: string): ProcessStat[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => readStat(folder, Number(pid)) ?? []);
  } catch {
    return [];
  }
}

function readStat(folder: string, pid: number): ProcessStat | undefined {
  try {
    return parseStat(pid, readFileSync(`${folder}/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // it has just ended
  }
}

/** See proc(5); the command's name, in parentheses, may hold anything, so counting starts behind it. */
export function parseStat(pid: number, text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? 0);
  return {
    pid,
    parent: field(4),
    state: fields[0] ?? '',
    ticks: field(14) + field(15) + field(16) + field(17),
    startTicks: field(22),
    pages: field(24),
  };
}

/** A process and all its descendants. */
export function familyOf(pid: number, processes: ProcessStat[]): ProcessStat[] {
  const family = processes.filter((stat) => stat.pid === pid);
  for (const member of family)
    family.push(...processes.filter((stat) => stat.parent === member.pid && stat.pid !== pid));
  return family;
}
