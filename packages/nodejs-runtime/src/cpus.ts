import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Where a container finds its own CPU quota: control groups version 2, then version 1. */
const QUOTA_FILES = [
  ['/sys/fs/cgroup/cpu.max'],
  ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'],
] as const;

/** CPUs that this container may use, its quota rounded up; at least one. */
export function usableCpus(): number {
  return cpusWithin(os.availableParallelism(), QUOTA_FILES.map(readWords));
}

/**
 * @param available CPUs that the process may be scheduled on
 * @param quotas pairs of quota and period in microseconds; "max" or "-1" stands for no quota
 */
export function cpusWithin(available: number, quotas: readonly (readonly string[])[]): number {
  const limits = quotas
    .map(([quota, period]) => Number(quota) / Number(period))
    .filter((cpus) => cpus > 0);
  return Math.max(1, Math.min(available, ...limits.map(Math.ceil)));
}

function readWords(files: readonly string[]): string[] {
  try {
    return files.flatMap((file) => readFileSync(file, 'utf8').trim().split(/\s+/));
  } catch {
    return []; // the other version of control groups, or none
  }
}
