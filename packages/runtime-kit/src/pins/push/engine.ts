import { PushError } from '../../engine/index.js';
import { failureOfPush, retrying } from '../../registry/index.js';
import type { PushSettings } from './push.js';

/** Pushes an image under a name that the engine keeps for no longer than that takes. */
export async function pushByEngine(
  name: string,
  imageId: string,
  { engine, login, retry }: PushSettings,
): Promise<string> {
  const { signal } = retry;
  const before = await engine.images.find(imageId);
  await engine.images.tag(imageId, name);
  try {
    return await retrying(
      () =>
        engine.images.push(name, login, signal).catch((error: unknown) => {
          signal?.throwIfAborted();
          throw error instanceof PushError ? failureOfPush(name, error.message) : error;
        }),
      retry,
    );
  } finally {
    // An image without another name would go with this one.
    const others = before?.tags.filter((tag) => tag !== name) ?? [];
    if (others.length > 0 && !before?.tags.includes(name)) await engine.images.remove(name);
  }
}
