import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** Which processors the server has and which the load, as the engine's cpuset (`1` or `2,3`). */
export interface Cores {
  server: string;
  load: string;
  /** Threads of the load tool: one a processor. */
  loadThreads: number;
  /** There are too few: load and server take each other's time, and throughput says little. */
  shared: boolean;
}

/**
 * Gives the server `workers` processors and the load others, at most as many. Threads of one physical
 * core slow each other down, so each side gets whole cores as long as there are enough.
 *
 * @param physical the numbers of the processors of each physical core.
 */
export function chooseCores(physical: number[][], workers: number): Cores {
  const firstThreads = physical.map(([first]) => first as number);
  if (workers < firstThreads.length) {
    const server = firstThreads.slice(-workers);
    const load = firstThreads.slice(0, -workers).slice(-workers);
    return asCores(server, load, false);
  }
  const all = physical.flat().sort((a, b) => a - b);
  if (workers < all.length) return asCores(all.slice(-workers), all.slice(0, -workers), false);
  return asCores(all.slice(-workers), all, true);
}

function asCores(server: number[], load: number[], shared: boolean): Cores {
  return { server: server.join(','), load: load.join(','), loadThreads: load.length, shared };
}

/** The processors of this machine by physical core; each its own where the system does not tell. */
export async function physicalCores(): Promise<number[][]> {
  const siblings = await Promise.all(cpus().map((_, cpu) => siblingsOf(cpu)));
  const seen = new Map(siblings.map((group) => [group.join(','), group]));
  return [...seen.values()];
}

async function siblingsOf(cpu: number): Promise<number[]> {
  try {
    const file = `/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`;
    return parseCpuList(await readFile(file, 'utf8'));
  } catch {
    return [cpu];
  }
}

/** `0,4` or `0-1` or both, as the kernel writes lists of processors. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}
