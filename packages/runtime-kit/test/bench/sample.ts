import type { BenchResult, LoadRun } from '../../src/bench/report/schema.js';

const MIB = 2 ** 20;

/** A result with made-up numbers: two scenarios, five rounds, one contender that answers wrongly once. */
export function sampleResult(faster = 1): BenchResult {
  const rounds = [0, 1, 2, 3, 4];
  return {
    schema: 'runtime-kit/bench/v1',
    started: '2026-01-02T03:04:05.000Z',
    durationMs: 600_000,
    revision: 'abc1234',
    settings: {
      rounds: 5,
      durationS: 5,
      warmUpS: 2,
      starts: 5,
      workers: 1,
      paced: true,
      scenarios: ['hello', 'wait'],
      serverCpus: '3',
      loadCpus: '2',
      sharedCpus: false,
    },
    machine: {
      processor: 'Test Processor',
      cores: 4,
      memoryBytes: 16 * 2 ** 30,
      kernel: '6.1.0',
      operatingSystem: 'Debian GNU/Linux 13',
      engine: '28.0.0',
      storageDriver: 'overlay2',
      loggingDriver: 'json-file',
      cgroupVersion: '2',
      loadAverage: 0.04,
      busyCoresBefore: 0.02,
    },
    targets: [
      target('ours', 'Toy runtime', 'ours', {}, { idleMiB: 20, coldStartMs: 100 }),
      target('bare', 'bare Toy', 'limit', { throughput: 0.75, pacedP99: 1.5, coldStart: 1.3 }),
      target('framework', 'Toy Framework', 'peer', { throughput: 2.5 }),
      target('static', 'static binary', 'static'),
    ],
    starts: rounds.flatMap((repeat) => [
      { target: 'toy1/ours', round: repeat, repeat, startMs: 480 + repeat },
      { target: 'toy1/bare', round: repeat, repeat, startMs: 440 + repeat },
      { target: 'toy1/framework', round: repeat, repeat, startMs: 900 + repeat },
      { target: 'toy1/static', round: repeat, repeat, startMs: 350 + repeat },
    ]),
    loads: rounds.flatMap((round) => [
      load('ours', 'hello', round, 8000 * faster + 100 * round),
      load('bare', 'hello', round, 10_000 + 120 * round),
      {
        ...load('framework', 'hello', round, 2000 + 10 * round),
        ...(round === 3 ? { void: 'errors under load: 7 × timeout' } : {}),
      },
      load('ours', 'wait', round, 6000 + 5 * round),
      load('bare', 'wait', round, 6100 + 5 * round),
    ]),
  };
}

function target(
  contender: string,
  title: string,
  kind: BenchResult['targets'][number]['kind'],
  goals: BenchResult['targets'][number]['goals'] = {},
  budgets: BenchResult['targets'][number]['budgets'] = {},
): BenchResult['targets'][number] {
  return {
    key: `toy1/${contender}`,
    runtime: 'toy1',
    language: 'Toy',
    contender,
    title,
    kind,
    workers: 1,
    source: `what ${title} is`,
    image: {
      name: `test/${contender}`,
      id: `sha256:${contender}`,
      throwAway: kind !== 'ours',
      sizeBytes: 40 * MIB,
      ...(kind === 'ours' ? { compressedBytes: 15 * MIB } : {}),
    },
    goals,
    budgets,
  };
}

function load(
  contender: string,
  scenario: 'hello' | 'wait',
  round: number,
  throughput: number,
): LoadRun {
  return {
    target: `toy1/${contender}`,
    scenario,
    round,
    at: '2026-01-02T03:05:00.000Z',
    requests: throughput * 5,
    seconds: 5,
    throughput,
    latency: { p50: 32_000 / throughput, p99: 64_000 / throughput, p999: 96_000 / throughput },
    cpuMicroseconds: 1e6 / throughput,
    serverCores: 1,
    loadCores: 0.3,
    otherCores: 0.1,
    bytesPerAnswer: 150,
    idle: { workingSetBytes: 18 * MIB, residentBytes: 25 * MIB },
    loaded: { workingSetBytes: 30 * MIB, residentBytes: 37 * MIB },
    ...(scenario === 'hello'
      ? {
          paced: {
            rate: throughput / 2,
            achieved: throughput / 2,
            latency: { p50: 0.2, p99: 12_000 / throughput, p999: 4 },
            loadCores: 0.2,
          },
        }
      : {}),
  };
}
