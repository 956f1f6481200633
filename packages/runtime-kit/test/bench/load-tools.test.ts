import { describe, expect, test } from 'vitest';
import { ohaCommand, parseOha } from '../../src/bench/load/oha.js';
import { childSeconds } from '../../src/bench/load/run-tool.js';
import { parseWrk, wrkCommand, wrkFiles } from '../../src/bench/load/wrk.js';
import { parseBusySeconds } from '../../src/bench/machine/processor-time.js';
import { parseResident } from '../../src/bench/measure/resident.js';
import { refuseErrors, refuseOtherSize } from '../../src/bench/measure/void.js';
import { scenarioOf } from '../../src/bench/scenarios.js';

const hello = {
  url: 'http://127.0.0.1:8080/',
  scenario: scenarioOf('hello'),
  seconds: 5,
  threads: 2,
};

/** What wrk 4.1.0 printed with our script. */
const WRK_OUTPUT = `Running 1s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    40.17ms   32.33ms 199.45ms   76.39%
    Req/Sec     0.90k   414.78     1.49k    71.43%
  902 requests in 1.01s, 238.29KB read
Requests/sec:    893.19
Transfer/sec:    235.97KB
RESULT {"requests":902,"microseconds":1009863,"bytes":244010,"p50":32811,"p99":199060,"p999":199451,"connect":0,"read":0,"write":0,"status":0,"timeout":0,"wrong":null}
`;

describe('wrk', () => {
  test('is told everything by its command line', () => {
    expect(wrkCommand(hello).join(' ')).toBe(
      'wrk --threads=2 --connections=32 --duration=5s --timeout=10s --script=/bench/wrk.lua http://127.0.0.1:8080/',
    );
  });

  test('reads answers only where it is told what they must be', () => {
    const [script] = wrkFiles(hello, undefined);
    expect(script?.content).not.toContain('function response');
    expect(script?.content).toContain('wrk.headers["User-Agent"] = "runtime-kit"');
    const files = wrkFiles(hello, Buffer.from('hello world'));
    expect(files[0]?.content).toContain('function response');
    expect(files.map(({ path }) => path)).toEqual(['bench/wrk.lua', 'bench/expected']);
  });

  test('sends the body of the scenario', () => {
    const files = wrkFiles({ ...hello, scenario: scenarioOf('json') }, undefined);
    expect(files[0]?.content).toContain('wrk.headers["Content-Type"] = "application/json"');
    expect(files[1]).toMatchObject({ path: 'bench/body' });
    expect(files[1]?.content).toHaveLength(1024);
  });

  test('is understood', () => {
    expect(parseWrk(WRK_OUTPUT)).toEqual({
      requests: 902,
      seconds: 1.009863,
      bytes: 244_010,
      latency: { p50: 32.811, p99: 199.06, p999: 199.451 },
      errors: 0,
      errorText: '',
      wrong: undefined,
    });
  });

  test('counts all kinds of errors, and wrong answers', () => {
    const line = WRK_OUTPUT.replace('"read":0', '"read":3')
      .replace('"status":0', '"status":4')
      .replace('null', '5');
    expect(parseWrk(line)).toMatchObject({
      errors: 7,
      errorText: '3 × read, 4 × status',
      wrong: 5,
    });
  });

  test('that gives no result is an error with what it printed', () => {
    expect(() => parseWrk('unable to connect\n')).toThrow('wrk gave no result:\nunable to connect');
  });
});

/** What oha 1.11.0 printed; what nobody reads is left out. */
const OHA_OUTPUT = `{
  "summary": { "successRate": 1.0, "total": 1.000874131, "requestsPerSec": 998.127505805223,
    "totalData": 10989, "sizePerRequest": 11 },
  "latencyPercentiles": { "p10": 0.000108593, "p50": 0.000141172, "p90": 0.000676426,
    "p99": 0.037379358, "p99.9": 0.037466548, "p99.99": 0.037466548 },
  "statusCodeDistribution": { "200": 999 },
  "errorDistribution": {}
}`;

describe('oha', () => {
  test('is told everything by its command line', () => {
    expect(ohaCommand(hello, 1234).join(' ')).toBe(
      'oha --no-tui --output-format=json --latency-correction --disable-compression --redirect=0 ' +
        '-w -t 10s -z 5s -q 1234 -c 32 -m GET -H Accept: */* -H User-Agent: runtime-kit ' +
        'http://127.0.0.1:8080/',
    );
    expect(ohaCommand({ ...hello, scenario: scenarioOf('json') }, 1).join(' ')).toContain(
      '-T application/json -D /bench/body http',
    );
  });

  test('is understood', () => {
    expect(parseOha(OHA_OUTPUT)).toEqual({
      requests: 999,
      seconds: 1.000874131,
      bytes: 10_989,
      latency: { p50: expect.closeTo(0.141172), p99: 37.379358, p999: 37.466548 },
      errors: 0,
      errorText: '',
      wrong: undefined,
    });
  });

  test('counts other statuses and lost requests as errors', () => {
    const text = OHA_OUTPUT.replace('"200": 999', '"200": 990, "500": 9').replace(
      '"errorDistribution": {}',
      '"errorDistribution": { "timeout": 3 }',
    );
    expect(parseOha(text)).toMatchObject({
      requests: 999,
      errors: 12,
      errorText: '9 × 500, 3 × timeout',
    });
  });

  test('without a single answer has no latencies', () => {
    const text = OHA_OUTPUT.replace('"200": 999', '').replace(/"(p[\d.]+)": [\d.]+/g, '"$1": null');
    expect(parseOha(text)).toMatchObject({ requests: 0 });
  });

  test('that gives no result is an error with what it printed', () => {
    expect(() => parseOha('Killed\n')).toThrow('oha gave no result:\nKilled');
  });
});

describe('answers that nobody reads', () => {
  const result = { ...parseOha(OHA_OUTPUT), requests: 10 };

  test('must be as long as the right ones', () => {
    expect(() => refuseOtherSize({ ...result, bytes: 110 }, 11, 0, 'under load')).not.toThrow();
    expect(() => refuseOtherSize({ ...result, bytes: 111 }, 11, 0, 'under load')).toThrow(
      'answers under load had 11.1 bytes on average, the right ones 11.0',
    );
    expect(() => refuseOtherSize({ ...result, bytes: 111 }, 11, 0.2, 'under load')).not.toThrow();
  });

  test('must be there', () => {
    expect(() => refuseErrors({ ...result, requests: 0 }, 'under load')).toThrow('no answer');
  });
});

test('the shell’s `times`: user and system time of the children, in the second line', () => {
  expect(childSeconds('0m0.00s 0m0.01s\n0m1.25s 1m2.50s\n')).toBeCloseTo(63.75);
});

test('resident memory is the sum over all processes; unknown where nothing could be read', () => {
  const rollup = 'Rss:  90000 kB\nPss:  1024 kB\nPss_Anon:  512 kB\n';
  expect(parseResident(rollup + rollup)).toBe(2 * 2 ** 20);
  expect(parseResident('')).toBeUndefined();
});

test('the time that processors worked leaves out idle, waiting and guests', () => {
  expect(parseBusySeconds('cpu  100 20 300 9999 500 6 7 8 50 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toBe(
    4.41,
  );
  expect(parseBusySeconds('nothing of the kind')).toBeUndefined();
});
