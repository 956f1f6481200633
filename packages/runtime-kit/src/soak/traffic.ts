import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { type Answer, fetchWith, NoAnswer } from '../conformance/testing/http.js';
import { RuntimeKitError } from '../errors.js';
import type { Call, Kind, Limits } from './call.js';
import { crashingKind, loopingKind, mixedKinds } from './kinds/index.js';
import type { Ledger, Outcome } from './ledger.js';
import type { Punctuality } from './punctuality.js';
import { Random } from './random.js';

/** One connection crashes, one loops, the others mix. */
const LEAST_CONNECTIONS = 3;

/** A call that has no answer so long after FUNC_TIMEOUT hangs. */
const HANG_MS = 10_000;
/** A client that got no answer does not come back at once. */
const AFTER_BREAK_MS = 50;
/** Crashes and loops come at times, so that most calls meet neither. */
const CRASH_PAUSE_MS = [5000, 9000] as const;
const LOOP_PAUSE_MS = [1000, 4000] as const;

export interface Traffic {
  origin: string;
  connections: number;
  seed: number;
  limits: Limits;
  /** Kinds of calls that are not made. */
  without: string[];
  ledger: Ledger;
  punctuality: Punctuality;
  /** Ends the traffic: what is under way then is waited for. */
  over: AbortSignal;
}

/** @throws RuntimeKitError USAGE */
export function requireConnections(connections: number): void {
  if (connections >= LEAST_CONNECTIONS) return;
  throw new RuntimeKitError('USAGE', `--connections is ${connections}`, {
    hint: `give ${LEAST_CONNECTIONS} or more: one crashes, one loops, the others mix`,
  });
}

/** Makes calls on keep-alive connections, one at a time on each, until it is over. */
export async function runTraffic(traffic: Traffic): Promise<void> {
  const { connections, seed } = traffic;
  const random = new Random(seed);
  const lines = Array.from({ length: connections }, (_, index) => {
    const line = { name: `c${index}`, random: random.stream(seed, index) };
    if (index === 0) return disturb(traffic, line, crashingKind, CRASH_PAUSE_MS);
    if (index === 1) return disturb(traffic, line, loopingKind, LOOP_PAUSE_MS);
    return mix(traffic, line);
  });
  await Promise.all(lines);
}

interface Line {
  name: string;
  random: Random;
}

async function mix(traffic: Traffic, line: Line): Promise<void> {
  const kinds = mixedKinds.filter(({ name }) => !traffic.without.includes(name));
  await connected(traffic, async (client) => {
    for (let turn = 0; !traffic.over.aborted; turn++) {
      const kind = line.random.weighted(kinds);
      await make(traffic, client, callOf(kind, line, turn, traffic.limits));
    }
  });
}

async function disturb(
  traffic: Traffic,
  line: Line,
  kind: Kind,
  [shortest, longest]: readonly [number, number],
): Promise<void> {
  if (traffic.without.includes(kind.name)) return;
  await connected(traffic, async (client) => {
    for (let turn = 0; ; turn++) {
      await pause(line.random.integer(shortest, longest), traffic.over);
      if (traffic.over.aborted) return;
      await make(traffic, client, callOf(kind, line, turn, traffic.limits));
    }
  });
}

function callOf(kind: Kind, { name, random }: Line, turn: number, limits: Limits): Call {
  return { kind: kind.name, ...kind.make({ id: `${name}-${turn}`, random, limits }) };
}

async function connected(
  { origin }: Traffic,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client(origin, { headersTimeout: 0, bodyTimeout: 0 });
  try {
    await work(client);
  } finally {
    await client.destroy();
  }
}

async function make(traffic: Traffic, client: Client, call: Call): Promise<void> {
  const { ledger, punctuality } = traffic;
  const outcome = await outcomeOf(client, call, traffic.limits);
  const { from, to, problem, status } = outcome;
  if (call.kind === crashingKind.name) ledger.crash({ from, to });
  if (status === 408 && problem === undefined)
    punctuality[call.kind === loopingKind.name ? 'loop' : 'wait']({ from, to });
  ledger.add(outcome);
  if (status === undefined && call.leavesAfterMs === undefined) await pause(AFTER_BREAK_MS);
}

/** Makes the call and says how it ended. */
export async function outcomeOf(client: Client, call: Call, limits: Limits): Promise<Outcome> {
  const { method, path, headers = {}, body, leavesAfterMs } = call;
  const limitMs = leavesAfterMs ?? limits.timeoutMs + HANG_MS;
  const from = performance.now();
  const options = { method, headers, limitMs, ...(body === undefined ? {} : { body }) };
  try {
    const answer = await fetchWith(client, path, options);
    const problem = problemOf(call, answer);
    const { status, truncated } = answer;
    return { call, from, to: performance.now(), status, truncated, problem };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const hung = leavesAfterMs === undefined && error.tooSlow;
    const problem = call.mayBreak && !hung ? undefined : error.message;
    return { call, from, to: performance.now(), hung, problem };
  }
}

function problemOf({ judge }: Call, answer: Answer): string | undefined {
  try {
    judge(answer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function pause(ms: number, over?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, over ? { signal: over } : {}).catch(() => {});
}
