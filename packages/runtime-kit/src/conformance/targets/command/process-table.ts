import { readdir, readFile } from 'node:fs/promises';
import type { ProcessFacts } from '../target.js';

/** Linux counts CPU time in hundredths of a second on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;

interface Row extends ProcessFacts {
  group: number;
  cpuSeconds: number;
}

/**
 * The processes of a group with their descendants, zombies included, from Linux' /proc; empty on
 * systems without one.
 */
export async function processesOf(
  group: number,
): Promise<(ProcessFacts & { cpuSeconds: number })[]> {
  const rows = await allProcesses();
  const members = new Set(rows.filter((row) => row.group === group).map(({ pid }) => pid));
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const { pid, parent } of rows) if (members.has(parent)) members.add(pid);
  }
  return rows.filter(({ pid }) => members.has(pid));
}

async function allProcesses(): Promise<Row[]> {
  const names = await readdir('/proc').catch(() => []);
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProcess));
  return rows.filter((row) => row !== undefined);
}

/** /proc/PID/stat: `pid (command) state parent group …`; the command may hold anything. */
async function readProcess(pid: string): Promise<Row | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const ticks = [11, 12, 13, 14].map((index) => Number(fields[index]));
  return {
    pid: Number(pid),
    command: stat.slice(stat.indexOf('(') + 1, end),
    zombie: fields[0] === 'Z',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    cpuSeconds: ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND,
  };
}

/**
 * Memory of processes in bytes, what they share counted once (Pss of /proc/PID/smaps_rollup); undefined
 * on systems without it.
 */
export async function memoryOf(processes: { pid: number }[]): Promise<number | undefined> {
  const sizes = await Promise.all(processes.map(({ pid }) => proportionalSize(pid)));
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0);
}

async function proportionalSize(pid: number): Promise<number | undefined> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
