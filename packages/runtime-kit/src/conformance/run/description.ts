import type { CommandDescription } from '../targets/command/target.js';
import type { ImageDescription } from '../targets/image/target.js';

/** How to start servers of a target; plain data, since it crosses to the worker. */
export type TargetDescription = CommandDescription | ImageDescription;

/** A target and the run for which its servers are started. */
export interface RunInput {
  target: TargetDescription;
  /** Labels every container and volume of the run. */
  runId: string;
  /** Holds the folders and process ids of the run; removed at its end. */
  runFolder: string;
}

/** What the worker of a target is told. */
export interface SuiteInput extends RunInput {
  /** Ids of the rules to prove. */
  only: string[];
  /** See Turns. */
  turns: Int32Array;
  /** Whether a case that missed a limit of time is asked again, alone. */
  remeasures: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    suite: SuiteInput;
  }
}
