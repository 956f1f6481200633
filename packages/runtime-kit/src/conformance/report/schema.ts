import { z } from 'zod';

const caseStatus = z.enum(['passed', 'failed', 'skipped']);
const ruleStatus = z.enum([...caseStatus.options, 'gap', 'inapplicable']);

const caseResult = z.strictObject({
  name: z.string(),
  status: caseStatus,
  durationMs: z.number(),
  /** What was expected and what came, or why it was skipped. */
  message: z.string().optional(),
  /**
   * A limit of time that it missed while other cases ran. It was asked again with nothing beside it, and
   * the status is of that.
   */
  late: z.string().optional(),
  /** The last log lines of the servers that the case talked to. */
  log: z.string().optional(),
});

const ruleResult = z.strictObject({
  id: z.string(),
  statement: z.string(),
  /**
   * Failed where one case failed, or where a declared gap is none any more; gap where one failed and
   * the manifest declares it; skipped where no case could be asked; inapplicable where the contract
   * asks nothing of a language with these capabilities and phases.
   */
  status: ruleStatus,
  /** The manifest's reason for a gap. */
  gap: z.string().optional(),
  /** Why the rule asks nothing of this language; it has no cases then. */
  inapplicable: z.string().optional(),
  cases: z.array(caseResult),
});

const targetResult = z.strictObject({
  name: z.string(),
  kind: z.enum(['image', 'command']),
  language: z.string().optional(),
  /** The image that was verified, by its id, not by a name that may move. */
  imageId: z.string().optional(),
  /** The image in which the phases of the functions ran, where the language has any. */
  buildImageId: z.string().optional(),
  summary: z.strictObject({
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    gap: z.number(),
    inapplicable: z.number(),
  }),
  rules: z.array(ruleResult),
});

/** What `verify` found: a stable document, also printed by `--reporter json`. */
export const reportSchema = z.strictObject({
  schema: z.literal('runtime-kit/report/v1'),
  /** Version of the runtime contract. */
  contract: z.number(),
  profile: z.enum(['core', 'full']),
  started: z.iso.datetime(),
  durationMs: z.number(),
  passed: z.boolean(),
  targets: z.array(targetResult),
});

export type Report = z.infer<typeof reportSchema>;
export type TargetResult = z.infer<typeof targetResult>;
export type RuleResult = z.infer<typeof ruleResult>;
export type CaseResult = z.infer<typeof caseResult>;
export type Status = z.infer<typeof ruleStatus>;
