import type { CommandDescription } from '../targets/command/target.js';
import type { ImageDescription } from '../targets/image/target.js';

/** How to start servers of a target; plain data, since it crosses to the worker. */
export type TargetDescription = CommandDescription | ImageDescription;

/** What the worker of a target is told. */
export interface SuiteInput {
  target: TargetDescription;
  /** Labels every container and volume of the run. */
  runId: string;
  /** Holds the folders and process ids of the run; removed at its end. */
  runFolder: string;
  /** Ids of the rules to prove. */
  only: string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    suite: SuiteInput;
  }
}
