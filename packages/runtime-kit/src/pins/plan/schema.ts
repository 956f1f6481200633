import { z } from 'zod';
import { contentSchema } from '../lock.js';
import { CLASSES } from './classify.js';

const pair = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ old: value.nullable(), new: value.nullable() });

const changes = z.strictObject({
  kind: z.enum(['runtime', 'build']),
  platform: z.string(),
  digest: pair(z.string()),
  sizeBytes: pair(z.number()),
  inputHash: pair(z.string()),
  baseDigest: pair(z.string()),
  verdict: pair(z.enum(['passed', 'unverified'])),
  packages: z.strictObject({
    added: z.array(z.string()),
    removed: z.array(z.string()),
    updated: z.array(
      z.strictObject({ name: z.string(), old: z.array(z.string()), new: z.array(z.string()) }),
    ),
  }),
  rules: z.array(
    z.strictObject({ id: z.string(), old: z.string().nullable(), new: z.string().nullable() }),
  ),
});

/** What `pin plan --out` writes and `pin apply` carries out. */
export const planSchema = z.strictObject({
  apiVersion: z.literal('runtime-kit/v1'),
  kind: z.literal('PinPlan'),
  plannedAt: z.iso.datetime(),
  registry: z.string().nullable().describe('As --registry named it'),
  allowUnverified: z.boolean(),
  pins: z.array(
    z.strictObject({
      runtime: z.string(),
      class: z.enum(CLASSES),
      reasons: z.array(z.string()),
      changes: z.array(changes),
      seen: z
        .record(z.string(), z.string().nullable())
        .describe('What it rests on: sha256 by file, digest by tag; null where there was none'),
      content: contentSchema.describe('What the lock will say, without its date and integrity'),
    }),
  ),
});

export type PinPlan = z.infer<typeof planSchema>;
export type PlannedPin = PinPlan['pins'][number];
