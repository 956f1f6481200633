import { z } from 'zod';

const identity = {
  name: z.string(),
  kind: z.enum(['image', 'command']),
  language: z.string(),
  /** As in a report of verify: its id, not a name that may move. */
  imageId: z.string().optional(),
};

/** What every report of a trial says of a target. */
export const trialFields = {
  ...identity,
  durationMs: z.number(),
  violations: z.array(z.string()),
  log: z.string().optional().describe('the last lines of stderr, where there are violations'),
};

/** Which target a result is of. */
export type Identity = z.infer<z.ZodObject<typeof identity>>;
