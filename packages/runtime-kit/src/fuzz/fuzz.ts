import type { TargetRequest } from '../conformance/run/describe.js';
import { trial } from '../conformance/run/trial.js';
import type { Identity } from '../conformance/run/trial-schema.js';
import { type TargetSurroundings, withTarget } from '../conformance/run/with-target.js';
import type { Server, Target } from '../conformance/targets/target.js';
import { type FeedOptions, feed } from './feed.js';
import type { FuzzReport, FuzzResult } from './report.js';

export interface FuzzOptions extends TargetSurroundings {
  /** Fed one after the other. */
  targets: TargetRequest[];
  count: number;
  seed: number;
  /** Only the input at this index of the seed. */
  only?: number | undefined;
  onProgress?: (progress: FuzzProgress) => void;
}

export interface FuzzProgress {
  target: string;
  done: number;
  total: number;
  wrong: number;
}

const MEMORY_MIB = 256;
/** Two, so that one that ends shows; a fixed number, so that none comes or goes for other reasons. */
const ENV = { FUNC_WORKERS: '2', FUNC_TIMEOUT: '5', FUNC_MEMORY_LIMIT: `${MEMORY_MIB}Mi` };

/**
 * Sends malformed requests to servers and holds what comes back against what is right.
 *
 * @throws RuntimeKitError USAGE, IMAGE_NOT_FOUND, ENGINE_MISSING, INTERRUPTED. What a server did wrong
 *   throws nothing: it is in the report.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, only, count } = options;
  const started = new Date().toISOString();
  const targets: FuzzResult[] = [];
  for (const request of options.targets)
    targets.push(
      await withTarget(request, options, (target) => fuzzTarget(request, target, options)),
    );
  return {
    schema: 'runtime-kit/fuzz/v1',
    started,
    seed,
    count: only === undefined ? count : 1,
    ...(only === undefined ? {} : { only }),
    passed: targets.every(({ violations }) => violations.length === 0),
    targets,
  };
}

function fuzzTarget(
  request: TargetRequest,
  target: Target,
  { seed, count, only, signal, onProgress = () => {} }: FuzzOptions,
): Promise<FuzzResult> {
  const { name } = request;
  const options: FeedOptions = {
    seed,
    inputs: only === undefined ? { from: 0, count } : { from: only, count: 1 },
    recordsAll: only !== undefined,
    onBlock: (progress) => onProgress({ target: name, ...progress }),
    signal,
  };
  const start = { env: ENV, container: { hardened: true, memoryMiB: MEMORY_MIB } };
  return trial(request, target, start, (server: Server) => feed(server, options), nothing);
}

function nothing(violation: string): Omit<FuzzResult, keyof Identity | 'log'> {
  return { durationMs: 0, groups: [], goodCalls: 0, records: [], violations: [violation] };
}
