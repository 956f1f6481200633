import type { Engine } from '../../engine/index.js';

/** What carries plans out: an engine, and who is told and asked while it does. */
export interface Workbench {
  engine: Engine;
  front: FrontImage;
  /** PEM bundle that phases trust. */
  trustedCa?: string | undefined;
  onStatus?: (status: string) => void;
  signal?: AbortSignal | undefined;
}

/** An image, and the command in it that runs a JavaScript file. */
export interface FrontImage {
  image: string;
  command: string[];
}
