import type { RunInput } from '../run/description.js';
import { CommandTarget } from './command/target.js';
import type { Target } from './target.js';

/** The target that a description describes, ready to start servers. */
export async function openTarget({ target, runId, runFolder }: RunInput): Promise<Target> {
  if (target.kind === 'command') return new CommandTarget(target, runFolder);
  // The engine's client takes longer to load than a local process to start.
  const { openImageTarget } = await import('./image/target.js');
  return openImageTarget(target, runId);
}
