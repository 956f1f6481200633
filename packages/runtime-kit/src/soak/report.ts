import { z } from 'zod';
import { trialFields } from '../conformance/run/trial-schema.js';

const kindResult = z.strictObject({
  kind: z.string(),
  calls: z.number(),
  right: z.number(),
  wrong: z.number(),
  lost: z.number().describe('ended by a crash that was another call’s'),
  p50Ms: z.number(),
  p99Ms: z.number(),
});

const memoryResult = z.strictObject({
  firstMinute: z.number().describe('bytes, median of the minute behind the first one'),
  end: z.number().describe('bytes, median of the last minute'),
  peak: z.number().describe('bytes'),
  growth: z.number().describe('end / firstMinute - 1'),
  judged: z.boolean().describe('false where the run was too short to tell'),
  passed: z.boolean(),
});

const counterResult = z.strictObject({
  name: z.string(),
  method: z.string(),
  least: z.number().describe('the least that the client’s own count allows'),
  most: z.number(),
  actual: z.number().describe('what /metrics says at the end'),
});

const targetResult = z.strictObject({
  ...trialFields,
  kinds: z.array(kindResult),
  crashes: z.number(),
  punctuality: z.strictObject({
    timeouts: z.number(),
    medianMs: z.number().describe('from FUNC_TIMEOUT to the 408'),
    latestMs: z.number(),
  }),
  memory: memoryResult.optional().describe('absent where nobody can tell'),
  counters: z.array(counterResult),
});

/** What `soak` found: a stable document, also printed by `--json`. */
export const soakReportSchema = z.strictObject({
  schema: z.literal('runtime-kit/soak/v1'),
  started: z.iso.datetime(),
  seed: z.number(),
  connections: z.number(),
  timeoutSeconds: z.number().describe('FUNC_TIMEOUT'),
  memoryMiB: z.number().describe('limit of the container'),
  passed: z.boolean(),
  targets: z.array(targetResult),
});

export type SoakReport = z.infer<typeof soakReportSchema>;
export type SoakResult = z.infer<typeof targetResult>;
