import type { Engine } from '../../engine/index.js';

/** On every container and volume of a benchmark, beside the label of its run. */
export const BENCH_RUN_LABEL = 'io.runtime-kit.bench-run';

/**
 * Removes what a run that was killed left behind: a server on the same processor would be measured
 * along. Nobody else's can be meant, since only one benchmark runs at a time.
 */
export async function sweep({ containers, volumes }: Engine): Promise<void> {
  for (const id of await containers.withLabel(BENCH_RUN_LABEL)) await containers.remove(id);
  for (const name of await volumes.withLabel(BENCH_RUN_LABEL)) await volumes.remove(name);
}
