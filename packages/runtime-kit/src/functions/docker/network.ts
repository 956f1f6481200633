import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import { reasonOf, statusOf } from '../../engine/index.js';
import { LABELS } from './labels.js';

/** One network for all functions: an engine has room for some thirty, and for any number of names in each. */
const NETWORK = 'kubeless';
const STILL_USED = 403;

/** Its id; a name can be there twice where two make it at once. */
export function ensureNetwork(engine: Engine): Promise<string> {
  return engine.networks.ensure(NETWORK, { [LABELS.role]: 'network' });
}

/** Removes it with the last function. */
export async function removeUnusedNetwork(engine: Engine): Promise<void> {
  if ((await engine.containers.list([LABELS.function])).length > 0) return;
  try {
    await engine.networks.remove(NETWORK);
  } catch (error) {
    if (statusOf(error) !== STILL_USED && !isNetworkChanging(error)) throw error;
  }
}

const TRIES = 5;
const TRY_AGAIN_MS = 100;

/**
 * Starts a container, also where the network went with another function's end at that moment, or is there twice
 * for a moment because others make it too.
 */
export async function startIn(
  engine: Engine,
  create: (network: string) => Promise<string>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const id = await create(await ensureNetwork(engine));
    try {
      await engine.containers.start(id);
      return id;
    } catch (error) {
      await engine.containers.remove(id);
      if (attempt === TRIES || !isNetworkChanging(error)) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

/** The engine looks a container's network up by its name, even where it was told the id. */
function isNetworkChanging(error: unknown): boolean {
  return statusOf(error) === 404 || reasonOf(error).includes('is ambiguous');
}
