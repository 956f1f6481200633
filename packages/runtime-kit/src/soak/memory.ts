import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../conformance/targets/target.js';

const SAMPLE_EVERY_MS = 1000;
const MINUTE_MS = 60_000;
const WINDOW_MS = 20_000;
/** In less time than this there is no telling warming up from leaking. */
export const JUDGED_FROM_MS = 2 * MINUTE_MS;
const GROWTH_ALLOWED = 0.2;

export interface MemorySample {
  /** Since the traffic began. */
  atMs: number;
  bytes: number;
}

export interface MemoryResult {
  /** In bytes: median of the samples of the last seconds of the first minute, and of the run. */
  firstMinute: number;
  end: number;
  peak: number;
  /** How much more it is at the end, as a share of the first. */
  growth: number;
  /** False where the run was too short to tell. */
  judged: boolean;
  passed: boolean;
}

/** Samples the memory of a server once a second, while traffic runs. */
export async function watchMemory(
  server: Server,
  over: AbortSignal,
  onSample: (sample: MemorySample) => void,
): Promise<void> {
  const began = performance.now();
  while (!over.aborted) {
    const bytes = await server.memoryBytes().catch(() => undefined);
    if (bytes !== undefined) onSample({ atMs: performance.now() - began, bytes });
    await sleep(SAMPLE_EVERY_MS, undefined, { signal: over }).catch(() => {});
  }
}

/**
 * Compares two moments of the same kind: both lie within the traffic, the one at the end of its first
 * minute (of its first half, if it is shorter than two), the other at its own end. Each is the median
 * of the samples of some 20 s: memory goes up and down with every huge call.
 *
 * @returns undefined where nothing could be sampled in one of them
 */
export function compareMemory(
  samples: MemorySample[],
  durationMs: number,
): MemoryResult | undefined {
  const settledMs = Math.min(MINUTE_MS, durationMs / 2);
  const windowMs = Math.min(WINDOW_MS, settledMs / 2);
  const until = (end: number): number | undefined =>
    median(
      samples.filter(({ atMs }) => atMs > end - windowMs && atMs <= end).map(({ bytes }) => bytes),
    );
  const [firstMinute, end] = [until(settledMs), until(durationMs)];
  if (firstMinute === undefined || end === undefined) return undefined;
  const growth = end / firstMinute - 1;
  const judged = durationMs >= JUDGED_FROM_MS;
  const peak = Math.max(...samples.map(({ bytes }) => bytes));
  return {
    firstMinute,
    end,
    peak,
    growth,
    judged,
    passed: !judged || growth <= GROWTH_ALLOWED,
  };
}

function median(values: number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
