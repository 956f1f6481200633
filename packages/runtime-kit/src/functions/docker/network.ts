import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import { reasonOf, statusOf } from '../../engine/index.js';
import { LABELS } from './labels.js';

/** One network for all functions: an engine has room for some thirty, and for any number of names in each. */
const NETWORK = 'kubeless';
const BRIDGE = 'kubeless0';
const NETWORK_LABELS = { [LABELS.role]: 'network' };

/** Removes it with the last function. */
export async function removeUnusedNetwork(engine: Engine): Promise<void> {
  if ((await engine.containers.list([LABELS.function])).length > 0) return;
  for (const id of await engine.networks.withLabel(`${LABELS.role}=network`))
    await engine.networks.removeUnused(id);
}

const TRIES = 5;
const TRY_AGAIN_MS = 100;

/**
 * Starts a container, also where the network went with another function's end at that moment, or where
 * there are two because something else made another.
 */
export async function startIn(
  engine: Engine,
  create: (network: string) => Promise<string>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const id = await create(await engine.networks.ensure(NETWORK, BRIDGE, NETWORK_LABELS));
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
