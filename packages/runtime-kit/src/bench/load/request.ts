import type { FileEntry } from '../../engine/index.js';
import type { Scenario } from '../scenarios.js';

/** Where the load tools find what they send and what they must get. */
export const FOLDER = '/bench';
export const BODY_FILE = `${FOLDER}/body`;
export const EXPECTED_FILE = `${FOLDER}/expected`;

/** The slowest contender starts a process for each call; longer than this is no answer. */
export const ANSWER_WITHIN_S = 10;

/** How hard and for how long a server is asked. */
export interface Load {
  url: string;
  scenario: Scenario;
  /** Whole seconds: wrk knows no others. */
  seconds: number;
  threads: number;
}

export function bodyFiles({ body }: Scenario): FileEntry[] {
  return body === undefined ? [] : [{ path: BODY_FILE.slice(1), content: body }];
}

/** What a load tool counted. Latencies are in milliseconds. */
export interface LoadResult {
  requests: number;
  seconds: number;
  /** Bytes of all answers: wrk's with their heads, oha's without. */
  bytes: number;
  latency: { p50: number; p99: number; p999: number };
  /** Answers with another status than 2xx or 3xx, connections that broke, requests unanswered. */
  errors: number;
  /** In words, empty where there are none. */
  errorText: string;
  /** Answers that were not the expected bytes; undefined where nobody looked. */
  wrong: number | undefined;
}

/** Both tools send these: what is measured must not depend on which of them asks. */
export const HEADERS = { Accept: '*/*', 'User-Agent': 'runtime-kit' } as const;
