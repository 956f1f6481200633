import type { Engine } from '../../engine/index.js';
import { type Cores, chooseCores } from '../plan/cores.js';

export interface BenchSettings {
  rounds: number;
  /** Whole seconds of each measured load. */
  durationS: number;
  warmUpS: number;
  starts: number;
  workers: number;
  /** Whether there are runs at half of the peak. */
  paced: boolean;
}

/** What every measurement of a run shares. */
export interface Bench {
  engine: Engine;
  settings: BenchSettings;
  /** The numbers of the processors of each physical core. */
  physicalCores: number[][];
  cores: Cores;
  /** Image names of the tools; oha only where there are paced runs. */
  tools: { wrk: string; static: string; oha: string | undefined };
  placement: {
    engine: Engine;
    labels: Record<string, string>;
    cpuset: string;
    signal: AbortSignal | undefined;
  };
  signal: AbortSignal | undefined;
}

/** The same run, with the processors that so many workers get. */
export function withProcessorsFor(workers: number, bench: Bench): Bench {
  const cores = chooseCores(bench.physicalCores, workers);
  return { ...bench, cores, placement: { ...bench.placement, cpuset: cores.server } };
}
