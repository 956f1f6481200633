import type { RuntimeFacts } from './targets/target.js';
import type { CaseContext } from './testing/context.js';

/** `core` is what any custom image must meet; `full` is the whole contract. */
export type Profile = 'core' | 'full';

/** What a case asks of a target that not every target has. */
export type Need = 'container' | 'functions';

/**
 * Where a case goes that measures time or takes a processor: `waits` leaves the processor alone, `loops` has
 * endless loops, `works` any other work. At any time one case of each lane runs, over all targets.
 */
export type Lane = (typeof LANES)[number];

export const LANES = ['loops', 'works', 'waits'] as const;

/** One proof of a rule: it talks to servers of the target and throws where they break the rule. */
export interface Case {
  name: string;
  needs?: Need[];
  /** Cases of a lane run when all others of the target have ended. */
  lane?: Lane;
  /** Seconds until it counts as hung; 30 if unset. Those that may take long begin first. */
  limit?: number;
  /** As of a rule: why the case asks nothing of a language. */
  inapplicable?: (runtime: RuntimeFacts) => string | undefined;
  run: (t: CaseContext) => Promise<void>;
}

/** A rule of the runtime contract; `id` is the one in docs/runtime-contract.md. */
export interface Rule {
  id: string;
  /** The rule in one sentence, for people who read a report. */
  statement: string;
  profile: Profile;
  /** Why the rule says nothing about a language, by its manifest; undefined where it does. */
  inapplicable?: (runtime: RuntimeFacts) => string | undefined;
  cases: Case[];
}
