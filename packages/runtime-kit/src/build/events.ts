import type { ImageKind } from '../catalog/runtime.js';
import type { BuildEvent as EngineEvent } from '../engine/index.js';
import type { BuildRecord } from './record.js';

/** What a build tells while it goes on. */
export type BuildEvent = { runtime: string } & (
  | { type: 'base'; text: string }
  | { type: 'target'; kind: ImageKind; name: string }
  | (EngineEvent & { kind: ImageKind })
  | { type: 'kept'; reason: string }
  | { type: 'built'; record: BuildRecord }
  | { type: 'failed'; error: unknown }
);

export type BuildListener = (event: BuildEvent) => void;
