import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { metricsOf } from '../conformance/prometheus/page.js';
import type { TargetRequest } from '../conformance/run/describe.js';
import { trial } from '../conformance/run/trial.js';
import type { Identity } from '../conformance/run/trial-schema.js';
import { type TargetSurroundings, withTarget } from '../conformance/run/with-target.js';
import type { Server, Target } from '../conformance/targets/target.js';
import type { Limits } from './call.js';
import { type CounterResult, compareCounters, countersOf, isEqual } from './counters.js';
import { requireKind } from './kinds/index.js';
import { Ledger } from './ledger.js';
import { compareMemory, type MemorySample, watchMemory } from './memory.js';
import { probe } from './probes.js';
import { Punctuality } from './punctuality.js';
import type { SoakReport, SoakResult } from './report.js';
import { requireConnections, runTraffic } from './traffic.js';
import { violationsOf } from './violations.js';

export interface SoakOptions extends TargetSurroundings {
  /** Soaked one after the other. */
  targets: TargetRequest[];
  /** Traffic for each target. */
  durationMs: number;
  connections: number;
  seed: number;
  /** Limit of the container. */
  memoryMiB: number;
  /** Kinds of calls that are not made, by name. */
  without?: string[];
  onProgress?: (progress: SoakProgress) => void;
}

export interface SoakProgress {
  target: string;
  elapsedMs: number;
  durationMs: number;
  calls: number;
  wrong: number;
  memoryBytes: number | undefined;
}

const TIMEOUT_SECONDS = 3;
const MIB = 2 ** 20;
const LIMITS: Limits = { timeoutMs: TIMEOUT_SECONDS * 1000, bodyBytes: MIB };
/** Counts may be written behind the answer, and a call that was left may still run. */
const COUNTED_WITHIN_MS = 10_000;

/**
 * Holds servers under mixed traffic and compares what they say of it with what the client saw.
 *
 * @throws RuntimeKitError USAGE, IMAGE_NOT_FOUND, ENGINE_MISSING, INTERRUPTED. What a server did wrong
 *   throws nothing: it is in the report.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  requireConnections(options.connections);
  for (const name of options.without ?? []) requireKind(name);
  const started = new Date().toISOString();
  const targets: SoakResult[] = [];
  for (const request of options.targets)
    targets.push(
      await withTarget(request, options, (target) => soakTarget(request, target, options)),
    );
  const { seed, connections, memoryMiB } = options;
  return {
    schema: 'runtime-kit/soak/v1',
    started,
    seed,
    connections,
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMiB,
    passed: targets.every(({ violations }) => violations.length === 0),
    targets,
  };
}

function soakTarget(
  request: TargetRequest,
  target: Target,
  options: SoakOptions,
): Promise<SoakResult> {
  const { memoryMiB } = options;
  const start = {
    env: { FUNC_TIMEOUT: String(TIMEOUT_SECONDS), FUNC_MEMORY_LIMIT: `${memoryMiB}Mi` },
    container: { hardened: true, memoryMiB },
  };
  const work = (server: Server) => soakServer(request.name, server, options);
  return trial(request, target, start, work, nothing);
}

type ServerResult = Omit<SoakResult, keyof Identity | 'log'>;

function nothing(violation: string): ServerResult {
  return {
    durationMs: 0,
    kinds: [],
    crashes: 0,
    punctuality: { timeouts: 0, medianMs: 0, latestMs: 0 },
    counters: [],
    violations: [violation],
  };
}

async function soakServer(
  target: string,
  server: Server,
  { durationMs, connections, seed, without = [], signal, onProgress = () => {} }: SoakOptions,
): Promise<ServerResult> {
  const ledger = new Ledger();
  const punctuality = new Punctuality(LIMITS.timeoutMs);
  const samples: MemorySample[] = [];
  const seen: string[] = [];
  const traffic = new AbortController();
  const stop = () => traffic.abort();
  const over = traffic.signal;
  const timer = setTimeout(stop, durationMs);
  // It may have been interrupted while the server started.
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  let ended = false;
  const began = performance.now();
  const onSample = (sample: MemorySample) => {
    samples.push(sample);
    const progress = { target, durationMs, elapsedMs: sample.atMs, memoryBytes: sample.bytes };
    onProgress({ ...progress, ...ledger.totals() });
  };
  untilEnd(server).then((exit) => {
    if (over.aborted || exit === undefined) return;
    seen.push(`the server ended ${exit} after ${seconds(performance.now() - began)} s`);
    ended = true;
    stop();
  });
  const origin = `http://${server.host}:${server.port}`;
  await Promise.all([
    runTraffic({ origin, connections, seed, limits: LIMITS, without, ledger, punctuality, over }),
    probe(server, ledger, over, (violation) => seen.push(violation)),
    watchMemory(server, over, onSample),
  ]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  ledger.close();
  onProgress({
    ...{ target, durationMs, elapsedMs: durationMs, memoryBytes: samples.at(-1)?.bytes },
    ...ledger.totals(),
  });
  const counters = ended ? [] : await countersOnceEqual(server, ledger);
  const memory = compareMemory(samples, durationMs);
  const result = {
    durationMs: Math.round(performance.now() - began),
    kinds: ledger.results(),
    crashes: ledger.crashCount,
    punctuality: punctuality.result(),
    ...(memory ? { memory } : {}),
    counters,
  };
  return { ...result, violations: violationsOf(result, ledger.examples(), seen) };
}

/** The counters, as soon as they are what they must be, or at the end of the time they have. */
async function countersOnceEqual(server: Server, ledger: Ledger): Promise<CounterResult[]> {
  const end = performance.now() + COUNTED_WITHIN_MS;
  for (;;) {
    const counters = compareCounters(ledger.expected(), countersOf(await metricsOf(server)));
    if (counters.every(isEqual) || performance.now() > end) return counters;
    await sleep(200);
  }
}

/** How it ended; undefined where nobody can tell any more. */
async function untilEnd(server: Server): Promise<string | undefined> {
  const FOR_EVER = 2 ** 31 - 1;
  try {
    const { code, outOfMemory } = await server.exit(FOR_EVER);
    return `with ${code}${outOfMemory ? ', out of memory,' : ''}`;
  } catch {
    return undefined;
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(0);
}
