import { z } from 'zod';
import type { FileEntry } from '../../engine/index.js';
import {
  ANSWER_WITHIN_S,
  BODY_FILE,
  bodyFiles,
  EXPECTED_FILE,
  FOLDER,
  HEADERS,
  type Load,
  type LoadResult,
} from './request.js';

const SCRIPT_FILE = `${FOLDER}/wrk.lua`;
const MARK = 'RESULT ';

/**
 * The command of a run with all connections always busy. wrk: it costs the machine the least of all
 * such tools, so that it is the server that is at its limit.
 */
export function wrkCommand({ url, scenario, seconds, threads }: Load): string[] {
  const { connections } = scenario;
  return [
    'wrk',
    `--threads=${Math.min(threads, connections)}`,
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    `--timeout=${ANSWER_WITHIN_S}s`,
    `--script=${SCRIPT_FILE}`,
    url,
  ];
}

/**
 * @param expected look at every answer, which costs wrk time: for the warm-up alone.
 */
export function wrkFiles({ scenario }: Load, expected: Buffer | undefined): FileEntry[] {
  const { method, contentType, body } = scenario;
  const headers = {
    ...HEADERS,
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
  };
  const request = [
    `wrk.method = "${method}"`,
    ...Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`),
    ...(body === undefined ? [] : [`wrk.body = read("${BODY_FILE}")`]),
  ];
  const script = [READ, ...request, ...(expected ? [CHECK] : []), REPORT].join('\n');
  return [
    { path: SCRIPT_FILE.slice(1), content: script },
    ...bodyFiles(scenario),
    ...(expected ? [{ path: EXPECTED_FILE.slice(1), content: expected }] : []),
  ];
}

const READ = `local function read(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end`;

// Each thread has its own Lua, so counts are globals of threads that the last one asks for.
const CHECK = `local threads = {}
local expected = read("${EXPECTED_FILE}")
wrong, checked = 0, 0
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
  checked = checked + 1
  if status ~= 200 or body ~= expected then wrong = wrong + 1 end
end
function counted(name)
  local total = 0
  for _, thread in ipairs(threads) do total = total + thread:get(name) end
  return total
end`;

const REPORT = `function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '${MARK}{"requests":%d,"microseconds":%d,"bytes":%.0f,"p50":%.0f,"p99":%.0f,"p999":%.0f,' ..
    '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,"wrong":%s}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), errors.connect, errors.read, errors.write, errors.status, errors.timeout,
    counted and counted("wrong") or "null"))
end`;

const output = z.object({
  requests: z.number(),
  microseconds: z.number(),
  bytes: z.number(),
  p50: z.number(),
  p99: z.number(),
  p999: z.number(),
  connect: z.number(),
  read: z.number(),
  write: z.number(),
  status: z.number(),
  timeout: z.number(),
  wrong: z.number().nullable(),
});

/** @throws Error where the output has no result: wrk itself failed. */
export function parseWrk(stdout: string): LoadResult {
  const line = stdout.split('\n').find((one) => one.startsWith(MARK));
  if (line === undefined) throw new Error(`wrk gave no result:\n${stdout.trimEnd()}`);
  const counted = output.parse(JSON.parse(line.slice(MARK.length)));
  const problems = (['connect', 'read', 'write', 'status', 'timeout'] as const)
    .filter((name) => counted[name] > 0)
    .map((name) => `${counted[name]} × ${name}`);
  return {
    requests: counted.requests,
    seconds: counted.microseconds / 1e6,
    bytes: counted.bytes,
    latency: { p50: counted.p50 / 1e3, p99: counted.p99 / 1e3, p999: counted.p999 / 1e3 },
    errors: counted.connect + counted.read + counted.write + counted.status + counted.timeout,
    errorText: problems.join(', '),
    wrong: counted.wrong ?? undefined,
  };
}
