import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchTarget } from '../contenders/target.js';
import type { LoadRun, Memory } from '../report/schema.js';
import { type ScenarioName, scenarioOf } from '../scenarios.js';
import { type Bench, withProcessorsFor } from './bench.js';
import { measureFullLoad, warmUp } from './full-load.js';
import { measurePaced } from './paced-load.js';
import { checkAnswer } from './request.js';
import { residentBytes } from './resident.js';
import { BenchServer } from './server.js';
import type { Subject } from './subject.js';
import { reasonOf, Void } from './void.js';

/** What a server does after its start (reading files, collecting garbage) is over by then. */
const SETTLE_MS = 300;

/** One server of a target, started for one scenario, measured and removed. It never throws for a bad server. */
export async function measureLoad(
  bench: Bench,
  target: BenchTarget,
  name: ScenarioName,
  round: number,
): Promise<LoadRun> {
  const run: LoadRun = {
    target: target.info.key,
    scenario: name,
    round,
    at: new Date().toISOString(),
  };
  try {
    const scenario = scenarioOf(name);
    const placed = withProcessorsFor(target.info.workers, bench);
    const server = await BenchServer.start(target.options(name), scenario, placed.placement);
    try {
      await measureInto(run, { bench: placed, server, scenario });
    } finally {
      await server.remove();
    }
  } catch (error) {
    bench.signal?.throwIfAborted();
    run.void = reasonOf(error);
  }
  return run;
}

async function measureInto(run: LoadRun, subject: Subject): Promise<void> {
  const { bench, server, scenario } = subject;
  const expected = await check(subject);
  await sleep(SETTLE_MS);
  run.idle = await memoryOf(subject);
  const warm = await warmUp(subject, expected);
  await measureFullLoad(run, subject, warm);
  run.loaded = await memoryOf(subject);
  const { oha } = bench.tools;
  if (scenario.paced && oha !== undefined && run.throughput !== undefined)
    run.paced = await measurePaced(subject, oha, run.throughput, expected);
  await check(subject);
  const problem = await server.problem();
  if (problem !== undefined) throw new Void(problem);
}

async function memoryOf({ bench, server }: Subject): Promise<Memory> {
  const { workingSetBytes } = await server.usage();
  if (workingSetBytes === undefined)
    throw new Void((await server.problem()) ?? 'its memory is unknown');
  const { engine, tools, placement } = bench;
  const { labels } = placement;
  const resident = await residentBytes(engine, server.id, { image: tools.wrk, labels });
  return { workingSetBytes, ...(resident === undefined ? {} : { residentBytes: resident }) };
}

/** The body of the answer, which is right. */
async function check({ server, scenario }: Subject): Promise<Buffer> {
  const { problem, body } = await checkAnswer(server.origin, scenario);
  if (problem === undefined) return body;
  throw new Void((await server.problem()) ?? problem);
}
