import type { ServerOptions } from '../measure/server.js';
import type { TargetInfo } from '../report/schema.js';
import type { ScenarioName } from '../scenarios.js';

/** Something that is measured, ready to be started: its image is there, its files are on a volume. */
export interface BenchTarget {
  info: TargetInfo;
  scenarios: readonly ScenarioName[];
  options(scenario: ScenarioName): ServerOptions;
}
