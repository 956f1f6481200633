import type { BenchTarget } from '../contenders/target.js';
import type { StartRun } from '../report/schema.js';
import { scenarioOf } from '../scenarios.js';
import type { Bench } from './bench.js';
import { checkAnswer } from './request.js';
import { BenchServer } from './server.js';
import { reasonOf } from './void.js';

/** Starts a server once for its time to the first answer, which must also be the right one. */
export async function measureStart(
  bench: Bench,
  target: BenchTarget,
  { round, repeat }: { round: number; repeat: number },
): Promise<StartRun> {
  const run = { target: target.info.key, round, repeat };
  const hello = scenarioOf('hello');
  try {
    const server = await BenchServer.start(target.options('hello'), hello, bench.placement);
    try {
      const { problem } = await checkAnswer(server.origin, hello);
      return problem === undefined
        ? { ...run, startMs: server.startMs }
        : { ...run, startMs: server.startMs, void: problem };
    } finally {
      await server.remove();
    }
  } catch (error) {
    bench.signal?.throwIfAborted();
    return { ...run, void: reasonOf(error) };
  }
}
