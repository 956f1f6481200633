import type { Engine } from '../../engine/index.js';
import { BENCH_LABEL } from './tool-image.js';

/** Removes the images that benchmarks made: tools and contenders. Returns their names. */
export async function removeBenchImages(engine: Engine): Promise<string[]> {
  const names = (await engine.images.withLabel(BENCH_LABEL)).flatMap(({ tags }) => tags);
  for (const name of names) await engine.images.remove(name);
  return names.sort();
}
