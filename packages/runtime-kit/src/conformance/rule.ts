import type { RuntimeFacts } from './targets/target.js';
import type { CaseContext } from './testing/context.js';

/** `core` is what any custom image must meet; `full` is the whole contract. */
export type Profile = 'core' | 'full';

/** What a case asks of a target that not every target has. */
export type Need = 'container' | 'functions';

/** One proof of a rule: it talks to servers of the target and throws where they break the rule. */
export interface Case {
  name: string;
  needs?: Need[];
  /** Runs after the others with nothing beside it: it measures, or takes the machine's CPUs. */
  alone?: boolean;
  /** Seconds until it counts as hung; 30 if unset. */
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
