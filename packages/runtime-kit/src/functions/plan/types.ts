import type { FileEntry } from '../../engine/index.js';

/** A function as any platform can run it: nothing here knows of engines or clusters. */
export interface FunctionPlan {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  /** What lies in the function's folder before the phases, by relative path. */
  files: FileEntry[];
  /** In their order; each runs to its end before the next. */
  phases: PlannedPhase[];
  server: PlannedServer;
}

export interface PlannedPhase {
  phase: 'installation' | 'compilation';
  image: string;
  /** For `sh -c`. */
  command: string;
  env: Record<string, string>;
}

export interface PlannedServer {
  image: string;
  env: Record<string, string>;
  /** The port that it listens at. */
  port: number;
  /** When it counts as healthy; `answer`: as soon as it answers at all. */
  probe: { path: string; healthy: 'ok' | 'answer' };
  limits: { memoryBytes?: number; cpus?: number };
  user: string;
  /** Whether its root is read-only, with /tmp to write to, and it has no capabilities. */
  confined: boolean;
  /** Seconds that a call may take. */
  timeout: number;
}

/** Where the function's files lie, and what phases leave. */
export const FUNCTION_FOLDER = '/kubeless';
