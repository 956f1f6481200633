import { z } from 'zod';
import { trialFields } from '../conformance/run/trial-schema.js';
import { GROUPS } from './input.js';

const groupResult = z.strictObject({
  group: z.enum(GROUPS),
  inputs: z.number(),
  refused: z.number().describe('answered with a status from 400 to 499, or 501 and 505'),
  served: z.number().describe('answered with a status below 400'),
  closed: z.number().describe('the connection was closed without an answer'),
  failed: z.number().describe('answered with 500'),
  wrong: z.number(),
});

const inputRecord = z.strictObject({
  index: z.number(),
  group: z.enum(GROUPS),
  shape: z.string(),
  sent: z.string().describe('the input, one character a byte'),
  came: z.string().describe('the answers, or how the connection ended'),
  problem: z.string().optional().describe('absent where all is right'),
});

const targetResult = z.strictObject({
  ...trialFields,
  groups: z.array(groupResult),
  goodCalls: z.number().describe('made between the inputs'),
  records: z.array(inputRecord).describe('inputs that went wrong; with --only, the one'),
});

/** What `fuzz` found: a stable document, also printed by `--json`. */
export const fuzzReportSchema = z.strictObject({
  schema: z.literal('runtime-kit/fuzz/v1'),
  started: z.iso.datetime(),
  seed: z.number(),
  count: z.number(),
  only: z.number().optional(),
  passed: z.boolean(),
  targets: z.array(targetResult),
});

export type FuzzReport = z.infer<typeof fuzzReportSchema>;
export type FuzzResult = z.infer<typeof targetResult>;
export type GroupResult = z.infer<typeof groupResult>;
export type InputRecord = z.infer<typeof inputRecord>;
