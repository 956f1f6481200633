import { setTimeout as sleep } from 'node:timers/promises';
import { interruption } from '../../conformance/run/interruption.js';
import type { Engine } from '../../engine/index.js';
import { statusOf } from '../../engine/index.js';
import { type FunctionName, filtersOf } from './labels.js';
import { removeUnusedNetwork } from './network.js';

const IN_USE = 409;
const TRIES = 50;
const TRY_AGAIN_MS = 100;

/** Removes what a function has in an engine, or one revision of it; what containers use goes after them. */
export async function putAway(
  engine: Engine,
  name: FunctionName,
  revision?: string,
): Promise<void> {
  const filters = filtersOf(name, revision);
  const containers = await engine.containers.list(filters);
  await Promise.all(containers.map(({ id }) => engine.containers.remove(id)));
  const volumes = await engine.volumes.withLabel(...filters);
  await Promise.all(volumes.map((volume) => removeVolume(engine, volume)));
  if (revision === undefined) await removeUnusedNetwork(engine);
}

/** A container that somebody else removes at the same moment may hold it a little longer. */
async function removeVolume(engine: Engine, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await engine.volumes.remove(name);
    } catch (error) {
      if (statusOf(error) !== IN_USE || attempt === TRIES) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

/**
 * Waits for work, or for the signal to abort it. Where it comes to nothing, what it made is removed before the
 * error is passed on.
 */
export async function orPutAway<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
  remove: () => Promise<void>,
): Promise<Result> {
  try {
    return await Promise.race([work, interruption(signal)]);
  } catch (error) {
    // What was left in the middle ends by losing what it waits for, and may have begun more.
    await remove().catch(() => {});
    await Promise.allSettled([work]);
    await remove().catch(() => {});
    throw error;
  }
}
