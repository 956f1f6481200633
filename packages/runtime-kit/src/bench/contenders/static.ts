import type { Variant } from '../../catalog/index.js';
import type { Engine } from '../../engine/index.js';
import { STATIC } from '../plan/plan.js';
import type { BenchTarget } from './target.js';

/**
 * A web server that is one static binary in an empty image: what the engine itself takes to start
 * anything. It is started beside each language's contenders and never put under load.
 */
export async function staticTarget(
  engine: Engine,
  name: string,
  variant: Variant,
): Promise<BenchTarget> {
  const image = await engine.images.require(name);
  return {
    info: {
      key: `${variant.id}/${STATIC}`,
      runtime: variant.id,
      language: variant.runtime.manifest.title,
      contender: STATIC,
      title: 'static binary',
      kind: 'static',
      workers: 1,
      source: 'busybox httpd, statically linked, alone in an image',
      image: { name, id: image.id, throwAway: true, sizeBytes: image.sizeBytes },
      goals: {},
      budgets: {},
    },
    scenarios: [],
    options: () => ({ image: image.id, env: {} }),
  };
}
