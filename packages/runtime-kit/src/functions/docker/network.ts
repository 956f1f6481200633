import type { Engine } from '../../engine/index.js';
import { statusOf } from '../../engine/index.js';
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
    if (statusOf(error) !== STILL_USED) throw error;
  }
}

/** Starts a container, also where the network went with another function's end at that moment. */
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
      if (attempt === 3 || statusOf(error) !== 404) throw error;
    }
  }
}
