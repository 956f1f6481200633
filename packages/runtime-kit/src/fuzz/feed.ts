import { performance } from 'node:perf_hooks';
import pMap from 'p-map';
import type { Identity } from '../conformance/run/trial-schema.js';
import type { Server } from '../conformance/targets/target.js';
import { exchange } from './exchange.js';
import type { Input } from './input.js';
import { inputsOf } from './inputs/index.js';
import { problemOf } from './judge.js';
import type { FuzzResult } from './report.js';
import { Tally } from './tally.js';
import { Watch } from './watch.js';

export interface FeedOptions {
  seed: number;
  inputs: { from: number; count: number };
  /** Record inputs that were answered rightly, too. */
  recordsAll: boolean;
  onBlock: (progress: { done: number; total: number; wrong: number }) => void;
  signal: AbortSignal | undefined;
}

interface Numbered {
  index: number;
  input: Input;
}

const AT_A_TIME = 8;
/** The processes are looked at, and good calls made, so often. */
const BLOCK = 40;

/** Sends inputs to a server, and looks after it meanwhile. */
export async function feed(
  server: Server,
  { seed, inputs: { from, count }, recordsAll, onBlock, signal }: FeedOptions,
): Promise<Omit<FuzzResult, keyof Identity | 'log'>> {
  const began = performance.now();
  const tally = new Tally(recordsAll);
  const watch = new Watch(server);
  const violations: string[] = [];
  await watch.begin();
  for (let done = 0; done < count && watch.serves; done += BLOCK) {
    signal?.throwIfAborted();
    const block = blockOf(seed, from + done, Math.min(BLOCK, count - done));
    violations.push(...(await feedBlock(server, block, tally, watch)));
    onBlock({ done: done + block.length, total: count, wrong: violations.length });
  }
  if (watch.serves) violations.push(...(await watch.metrics(tally.failed)));
  return {
    durationMs: Math.round(performance.now() - began),
    groups: tally.groups(),
    goodCalls: watch.goodCalls,
    records: tally.records,
    violations,
  };
}

function blockOf(seed: number, from: number, count: number): Numbered[] {
  return inputsOf(seed, from, count).map((input, offset) => ({ index: from + offset, input }));
}

/** @returns what is wrong */
async function feedBlock(
  server: Server,
  block: Numbered[],
  tally: Tally,
  watch: Watch,
): Promise<string[]> {
  const violations: string[] = [];
  const goodCall = async () => {
    const problem = await watch.goodCall();
    if (problem !== undefined) violations.push(`${problem}, beside or behind ${rangeOf(block)}`);
  };
  const send = async ({ index, input }: Numbered) => {
    const came = await exchange(server.host, server.port, input);
    const problem = problemOf(input, came);
    tally.add(index, input, came, problem);
    if (problem !== undefined) violations.push(`input ${index}: ${input.shape}: ${problem}`);
  };
  await Promise.all([goodCall(), pMap(block, send, { concurrency: AT_A_TIME })]);
  await goodCall();
  if ((await watch.ended()) > 0)
    violations.push(
      watch.serves
        ? await blame(server, watch, block)
        : `the server ended during ${rangeOf(block)}`,
    );
  return violations;
}

/** Sends a block again, one input at a time, to find the one that ends a process. */
async function blame(server: Server, watch: Watch, block: Numbered[]): Promise<string> {
  for (const { index, input } of block) {
    await exchange(server.host, server.port, input);
    await watch.goodCall();
    if ((await watch.ended()) > 0) return `input ${index}: ${input.shape}: a process ended`;
  }
  return `a process ended during ${rangeOf(block)}; sent one by one, none of them does it`;
}

function rangeOf(block: Numbered[]): string {
  const [first, last] = [block[0]?.index, block.at(-1)?.index];
  return first === last ? `input ${first}` : `inputs ${first} to ${last}`;
}
