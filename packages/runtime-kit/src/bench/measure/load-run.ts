import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchTarget } from '../contenders/target.js';
import { ohaCommand, parseOha } from '../load/oha.js';
import { bodyFiles, type Load, type LoadResult } from '../load/request.js';
import { runTool, type ToolRun } from '../load/run-tool.js';
import { parseWrk, wrkCommand, wrkFiles } from '../load/wrk.js';
import { busyCores, busySeconds } from '../machine/processor-time.js';
import type { LoadRun, Memory } from '../report/schema.js';
import { type Scenario, type ScenarioName, scenarioOf } from '../scenarios.js';
import type { Bench } from './bench.js';
import { checkAnswer } from './request.js';
import { residentBytes } from './resident.js';
import { BenchServer, NotReady } from './server.js';

const URL_OF_SERVER = 'http://127.0.0.1:8080';
/** What a server does after its start (reading files, collecting garbage) is over by then. */
const SETTLE_MS = 300;
/** Heads may differ by a few bytes (a date, a count); another body differs by more. */
const SIZE_TOLERANCE = 0.01;

/** The run does not count; the message says why. */
class Void extends Error {}

type Measured = Omit<LoadRun, 'target' | 'scenario' | 'round' | 'at' | 'void'>;

/** One server of a target, started for one scenario, measured and removed. It never throws for a bad server. */
export async function measureLoad(
  bench: Bench,
  target: BenchTarget,
  name: ScenarioName,
  round: number,
): Promise<LoadRun> {
  const run = { target: target.info.key, scenario: name, round, at: new Date().toISOString() };
  const measured: Measured = {};
  try {
    await measureInto(measured, bench, target, scenarioOf(name));
    return { ...run, ...measured };
  } catch (error) {
    bench.signal?.throwIfAborted();
    return { ...run, ...measured, void: reasonOf(error) };
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof Void || error instanceof NotReady) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

async function measureInto(
  measured: Measured,
  bench: Bench,
  target: BenchTarget,
  scenario: Scenario,
): Promise<void> {
  const options = target.options(scenario.name);
  const server = await BenchServer.start(options, scenario, bench.placement);
  try {
    const before = await check(server, options.path, scenario);
    await sleep(SETTLE_MS);
    measured.idle = await memoryOf(bench, server);
    const warmUp = await fullLoad(bench, server, options.path, scenario, before);
    refuseErrors(warmUp, 'while warming up');
    await measureFullLoad(measured, bench, server, options.path, scenario, warmUp);
    measured.loaded = await memoryOf(bench, server);
    if (scenario.paced && bench.tools.oha !== undefined)
      await measurePaced(measured, bench, server, options.path, scenario);
    await check(server, options.path, scenario);
    const problem = await server.problem();
    if (problem !== undefined) throw new Void(problem);
  } finally {
    await server.remove();
  }
}

async function memoryOf({ engine, tools, placement }: Bench, server: BenchServer): Promise<Memory> {
  const { workingSetBytes } = await server.usage();
  if (workingSetBytes === undefined) throw new Void((await server.problem()) ?? 'it has no memory');
  const { labels } = placement;
  const resident = await residentBytes(engine, server.id, { image: tools.wrk, labels });
  return { workingSetBytes, ...(resident === undefined ? {} : { residentBytes: resident }) };
}

async function check(server: BenchServer, path: string, scenario: Scenario): Promise<Buffer> {
  const { problem, body } = await checkAnswer(server.origin, path, scenario);
  if (problem === undefined) return body;
  throw new Void((await server.problem()) ?? problem);
}

function loadOf(bench: Bench, path: string, scenario: Scenario, seconds: number): Load {
  return { url: `${URL_OF_SERVER}${path}`, scenario, seconds, threads: bench.cores.loadThreads };
}

function toolRun(bench: Bench, server: BenchServer, image: string): ToolRun {
  const { engine, cores, placement } = bench;
  return { engine, image, server: server.id, cpuset: cores.load, labels: placement.labels };
}

/** The warm-up: every answer is compared with the one that was checked, under the same load. */
async function fullLoad(
  bench: Bench,
  server: BenchServer,
  path: string,
  scenario: Scenario,
  expected: Buffer,
): Promise<LoadResult> {
  const load = loadOf(bench, path, scenario, bench.settings.warmUpS);
  const files = wrkFiles(load, expected);
  const { stdout } = await runTool(
    toolRun(bench, server, bench.tools.wrk),
    wrkCommand(load),
    files,
  );
  return parseWrk(stdout);
}

async function measureFullLoad(
  measured: Measured,
  bench: Bench,
  server: BenchServer,
  path: string,
  scenario: Scenario,
  warmUp: LoadResult,
): Promise<void> {
  const load = loadOf(bench, path, scenario, bench.settings.durationS);
  const [before, busyBefore, began] = [await server.usage(), await busySeconds(), Date.now()];
  const run = toolRun(bench, server, bench.tools.wrk);
  const { stdout, cpuSeconds } = await runTool(run, wrkCommand(load), wrkFiles(load, undefined));
  const [after, busyAfter, ended] = [await server.usage(), await busySeconds(), Date.now()];
  const result = parseWrk(stdout);
  const { requests, seconds, bytes, latency } = result;
  if (requests === 0) throw new Void('no answer under load');
  const serverSeconds = (after.cpuNanoseconds - before.cpuNanoseconds) / 1e9;
  const busy = busyCores(busyBefore, busyAfter, (ended - began) / 1000);
  const used = (serverSeconds + cpuSeconds) / ((ended - began) / 1000);
  Object.assign(measured, {
    requests,
    seconds,
    throughput: requests / seconds,
    latency,
    cpuMicroseconds: (serverSeconds / requests) * 1e6,
    serverCores: serverSeconds / seconds,
    loadCores: cpuSeconds / seconds,
    bytesPerAnswer: bytes / requests,
  });
  assign(measured, 'otherCores', busy === undefined ? undefined : Math.max(busy - used, 0));
  refuseErrors(result, 'under load');
  refuseOtherSize(result, warmUp, scenario);
}

/** Half of the peak just measured: the server has time, and latencies are its own, not a queue's. */
async function measurePaced(
  measured: Measured,
  bench: Bench,
  server: BenchServer,
  path: string,
  scenario: Scenario,
): Promise<void> {
  const rate = Math.max(Math.round((measured.throughput ?? 0) / 2), 1);
  const load = loadOf(bench, path, scenario, bench.settings.durationS);
  const run = toolRun(bench, server, bench.tools.oha as string);
  const { stdout } = await runTool(run, ohaCommand(load, rate), bodyFiles(scenario));
  const result = parseOha(stdout);
  measured.paced = { rate, achieved: result.requests / result.seconds, latency: result.latency };
  refuseErrors(result, 'at half of the peak');
}

function refuseErrors({ requests, errors, errorText, wrong = 0 }: LoadResult, when: string): void {
  if (requests === 0) throw new Void(`no answer ${when}`);
  if (errors > 0) throw new Void(`errors ${when}: ${errorText}`);
  if (wrong > 0) throw new Void(`${wrong} of ${requests} answers were wrong ${when}`);
}

/** The answers of the measured run are not read, but they must be as long as those that were. */
function refuseOtherSize(result: LoadResult, warmUp: LoadResult, { connections }: Scenario): void {
  const known = warmUp.bytes / warmUp.requests;
  // Answers that were under way at the end of a run are counted in bytes and not in requests.
  const cut = (known * connections) / Math.min(result.requests, warmUp.requests);
  const size = result.bytes / result.requests;
  if (Math.abs(size - known) <= known * SIZE_TOLERANCE + cut) return;
  throw new Void(
    `answers under load had ${size.toFixed(1)} bytes on average, the right ones ${known.toFixed(1)}`,
  );
}

function assign<Key extends keyof Measured>(
  measured: Measured,
  key: Key,
  value: Measured[Key] | undefined,
): void {
  if (value !== undefined) measured[key] = value;
}
