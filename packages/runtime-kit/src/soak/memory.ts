import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../conformance/targets/target.js';

const SAMPLE_EVERY_MS = 1000;
const MINUTE_MS = 60_000;
/** Long enough for several crashes and loops: each takes a process with it, and brings another. */
const WINDOW_MS = MINUTE_MS;
/** In less time than this there is no telling warming up from leaking. */
export const JUDGED_FROM_MS = 2 * MINUTE_MS;
const GROWTH_ALLOWED = 0.2;

export interface MemorySample {
  /** Since the traffic began. */
  atMs: number;
  bytes: number;
}

export interface MemoryResult {
  /** In bytes: median of the samples of the minute behind the first one, and of the last minute. */
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
 * Compares two spans of the same kind: both lie within the traffic, the one begins when its first minute
 * (of a short run: its first third) is over, the other ends with it. Each is the median of the samples of
 * a minute, less in a short run: memory goes up and down with every huge call.
 *
 * @returns undefined where nothing could be sampled in one of them
 */
export function compareMemory(
  samples: MemorySample[],
  durationMs: number,
): MemoryResult | undefined {
  const settledMs = Math.min(MINUTE_MS, durationMs / 3);
  const windowMs = Math.min(WINDOW_MS, (durationMs - settledMs) / 3);
  const from = (start: number): number | undefined =>
    median(
      samples
        .filter(({ atMs }) => atMs > start && atMs <= start + windowMs)
        .map(({ bytes }) => bytes),
    );
  const [firstMinute, end] = [from(settledMs), from(durationMs - windowMs)];
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
