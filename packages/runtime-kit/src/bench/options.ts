import type { Catalog, Variant } from '../catalog/index.js';
import type { Engine } from '../engine/index.js';
import type { BenchSettings } from './measure/bench.js';
import type { Step } from './plan/plan.js';
import type { LoadRun, StartRun } from './report/schema.js';
import type { ScenarioName } from './scenarios.js';

export interface BenchOptions {
  engine: Engine;
  catalog: Catalog & { repository: string };
  variants: Variant[];
  settings: BenchSettings;
  scenarios: readonly ScenarioName[];
  /** Ids of contenders beside our own image; all of them if empty. */
  contenders: string[];
  /** Compress the layers of our images to know what a node downloads. */
  compressedSizes: boolean;
  /** Wait for another benchmark on this machine to end. */
  wait: boolean;
  onEvent?: (event: BenchEvent) => void;
  signal?: AbortSignal;
}

export type BenchEvent =
  | { type: 'status'; text: string }
  | { type: 'planned'; steps: number; seconds: number; busyCores: number | undefined }
  | { type: 'step'; done: number; step: Step; result: LoadRun | StartRun };
