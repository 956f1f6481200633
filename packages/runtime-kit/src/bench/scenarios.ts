import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

export const SCENARIOS = ['hello', 'json', 'large', 'wait', 'work'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** One kind of request that servers are measured with, and what they must answer. */
export interface Scenario {
  name: ScenarioName;
  /** For people, after "requests of". */
  title: string;
  method: 'GET' | 'POST';
  contentType: string | undefined;
  body: Buffer | undefined;
  /** Keep-alive connections that send one request after the other. */
  connections: number;
  /** Whether it is also sent at half of the peak rate, where latencies say something. */
  paced: boolean;
  /** Whether these bytes are the right answer. */
  accepts(answer: Buffer): boolean;
}

/** The object of `json`, as text of exactly 1 KiB. */
export const JSON_BODY = jsonOfSize(1024);
const LARGE_BYTES = 2 ** 20;

/** What `work` computes: SHA-256 of as many letters a. */
const WORK_BYTES = 2 ** 20;
const WORK_ANSWER = createHash('sha256').update('a'.repeat(WORK_BYTES)).digest('hex');

const scenarios: Record<ScenarioName, Omit<Scenario, 'name'>> = {
  hello: {
    title: 'GET, a short string',
    method: 'GET',
    contentType: undefined,
    body: undefined,
    connections: 32,
    paced: true,
    accepts: (answer) => answer.toString() === 'hello world',
  },
  json: {
    title: 'POST, echo of 1 KiB of JSON',
    method: 'POST',
    contentType: 'application/json',
    body: Buffer.from(JSON_BODY),
    connections: 32,
    paced: true,
    accepts: (answer) => isDeepStrictEqual(parsed(answer), JSON.parse(JSON_BODY)),
  },
  large: {
    title: 'POST, 1 MiB of bytes, answered with their number',
    method: 'POST',
    contentType: 'application/octet-stream',
    body: Buffer.alloc(LARGE_BYTES, 'runtime-kit'),
    connections: 16,
    paced: false,
    accepts: (answer) => answer.toString() === String(LARGE_BYTES),
  },
  wait: {
    title: 'GET, a function that waits 10 ms',
    method: 'GET',
    contentType: undefined,
    body: undefined,
    connections: 64,
    paced: false,
    accepts: (answer) => answer.toString() === 'waited',
  },
  work: {
    title: 'GET, a function that computes the SHA-256 of 1 MiB',
    method: 'GET',
    contentType: undefined,
    body: undefined,
    connections: 32,
    paced: false,
    accepts: (answer) => answer.toString() === WORK_ANSWER,
  },
};

export function scenarioOf(name: ScenarioName): Scenario {
  return { name, ...scenarios[name] };
}

function parsed(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString());
  } catch {
    return undefined;
  }
}

/** An order with lines of several types, padded in its last member. */
function jsonOfSize(bytes: number): string {
  const order = {
    id: 'order-4711',
    paid: true,
    total: 149.85,
    currency: 'EUR',
    lines: Array.from({ length: 8 }, (_, index) => ({
      sku: `sku-${1000 + index}`,
      quantity: index + 1,
      price: 9.99,
      gift: index % 2 === 0,
    })),
    note: '',
  };
  const missing = bytes - JSON.stringify(order).length;
  return JSON.stringify({ ...order, note: 'n'.repeat(missing) });
}
