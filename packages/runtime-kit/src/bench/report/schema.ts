import { z } from 'zod';
import { SCENARIOS } from '../scenarios.js';

const milliseconds = z.number().describe('milliseconds');

const latency = z.strictObject({ p50: milliseconds, p99: milliseconds, p999: milliseconds });

const memory = z.strictObject({
  workingSetBytes: z.number().describe('What counts towards its limit, as `docker stats` shows it'),
  residentBytes: z
    .number()
    .optional()
    .describe('Its processes with all files that they have mapped, shared pages once (PSS)'),
});

const machine = z.strictObject({
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  kernel: z.string(),
  operatingSystem: z.string(),
  engine: z.string(),
  storageDriver: z.string(),
  loggingDriver: z.string().describe('Where the access log went during the run'),
  cgroupVersion: z.string(),
  loadAverage: z.number().describe('Of one minute, before the run'),
  busyCoresBefore: z.number().optional().describe('Processors at work before anything was started'),
});

const target = z.strictObject({
  key: z.string(),
  runtime: z.string().describe('Runtime id of the image that it belongs to'),
  language: z.string().describe('Title of the language'),
  contender: z.string().describe('`ours`, `static`, or an id of bench.yaml'),
  title: z.string(),
  kind: z.enum(['ours', 'limit', 'peer', 'kubeless', 'static']),
  workers: z.number().describe('And processors'),
  source: z.string(),
  image: z.strictObject({
    name: z.string(),
    id: z.string(),
    /** Made for this test alone: its size says nothing of what it stands for. */
    throwAway: z.boolean(),
    sizeBytes: z.number().describe('Sum of the layers'),
    compressedBytes: z.number().optional().describe('Sum of the layers, each gzipped'),
  }),
  goals: z.strictObject({
    throughput: z.number().optional(),
    pacedP99: z.number().optional(),
    coldStart: z.number().optional(),
    twiceTheWorkers: z.number().optional(),
  }),
  budgets: z.strictObject({ idleMiB: z.number().optional(), coldStartMs: z.number().optional() }),
});

const start = z.strictObject({
  target: z.string(),
  round: z.number(),
  repeat: z.number(),
  startMs: milliseconds.optional().describe('From creating the container to its first 200'),
  void: z.string().optional(),
});

const paced = z.strictObject({
  rate: z.number().describe('Requests per second that were due'),
  achieved: z.number().describe('Requests per second that were answered'),
  latency: latency.describe('Each counted from when its request was due'),
  loadCores: z.number().describe('Processors that the load tool kept busy'),
});

const load = z.strictObject({
  target: z.string(),
  scenario: z.enum(SCENARIOS),
  round: z.number(),
  at: z.iso.datetime(),
  void: z.string().optional().describe('Why this run does not count'),
  requests: z.number().optional(),
  seconds: z.number().optional(),
  throughput: z.number().optional().describe('Requests per second'),
  latency: latency.optional(),
  cpuMicroseconds: z.number().optional().describe('CPU time of the container per request'),
  serverCores: z.number().optional().describe('Processors that the server kept busy'),
  loadCores: z.number().optional().describe('Processors that the load tool kept busy'),
  otherCores: z.number().optional().describe('Processors busy with neither, the engine included'),
  bytesPerAnswer: z.number().optional(),
  idle: memory.optional().describe('Before any load'),
  loaded: memory.optional().describe('Right after the load'),
  paced: paced.optional().describe('At half of the throughput just measured'),
});

/** The raw data of a run: what `.runtime-kit/bench` keeps and `--against` reads. */
export const resultSchema = z.strictObject({
  schema: z.literal('runtime-kit/bench/v1'),
  started: z.iso.datetime(),
  durationMs: z.number(),
  revision: z.string().describe('Commit of the repository'),
  settings: z.strictObject({
    rounds: z.number(),
    durationS: z.number(),
    warmUpS: z.number(),
    starts: z.number(),
    workers: z.number(),
    scenarios: z.array(z.enum(SCENARIOS)),
    paced: z.boolean(),
    serverCpus: z.string(),
    loadCpus: z.string(),
    sharedCpus: z.boolean(),
  }),
  machine,
  targets: z.array(target),
  starts: z.array(start),
  loads: z.array(load),
});

export type BenchResult = z.infer<typeof resultSchema>;
export type Machine = z.infer<typeof machine>;
export type TargetInfo = z.infer<typeof target>;
export type StartRun = z.infer<typeof start>;
export type PacedRun = z.infer<typeof paced>;
export type Memory = z.infer<typeof memory>;
export type LoadRun = z.infer<typeof load>;
