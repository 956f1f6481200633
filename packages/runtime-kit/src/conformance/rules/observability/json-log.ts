import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import { check, contains, equal, show } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';
import { accessLine, expectNow, LOG_WITHIN_MS, OTHER_ZONE } from './log-lines.js';

const JSON_KEYS = [
  'time',
  'level',
  'method',
  'path',
  'status',
  'durationMs',
  'bytes',
  'eventId',
  'traceparent',
  'remote',
];

const JSON_FORMAT = { env: { LOG_FORMAT: 'json', TZ: OTHER_ZONE } };
const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;

export const jsonLogRule: Rule = {
  id: 'log.json',
  statement: 'LOG_FORMAT=json: one object a line with the same keys in every language',
  profile: 'full',
  cases: [
    {
      name: 'the keys and values of a call',
      run: async (t) => {
        const server = await t.shared(JSON_FORMAT);
        const mark = t.mark();
        const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
        const answer = await server.fetch(`/sleep/${mark}?ms=300`, {
          method: 'POST',
          headers: { 'event-id': 'event-1', traceparent },
          body: 'x',
        });
        const line = await jsonLine(server, mark);
        equal(Object.keys(line).sort(), [...JSON_KEYS].sort(), 'keys');
        expectTime(line.time);
        equal(line.level, 'info', 'level');
        equal(line.method, 'POST', 'method');
        equal(line.path, `/sleep/${mark}`, 'path');
        equal(line.status, 200, 'status');
        equal(line.bytes, answer.body.length, 'bytes');
        equal(line.eventId, 'event-1', 'eventId');
        equal(line.traceparent, traceparent, 'traceparent');
        const { durationMs } = line;
        check(
          typeof durationMs === 'number' && durationMs >= 290 && durationMs < 5000,
          `durationMs of a call that waits 300 ms is ${show(durationMs)}`,
        );
        check(typeof line.remote === 'string' && line.remote !== '', 'remote is empty');
      },
    },
    {
      name: 'absent values are null, so that the keys are always there',
      run: async (t) => {
        const server = await t.shared(JSON_FORMAT);
        const mark = t.mark();
        await server.fetch(`/hello/${mark}`);
        const line = await jsonLine(server, mark);
        equal([line.eventId, line.traceparent], [null, null], 'eventId and traceparent');
      },
    },
    {
      name: 'errors are objects with message and stack',
      run: async (t) => {
        const server = await t.shared(JSON_FORMAT);
        await server.fetch('/throw');
        const line = await until('an error line on stderr', LOG_WITHIN_MS, async () =>
          (await server.log()).stderr.split('\n').find((one) => one.includes('secret-4711')),
        );
        const error = JSON.parse(line) as Record<string, unknown>;
        equal(error.level, 'error', 'level');
        contains(String(error.message), 'secret-4711', 'message');
        check(typeof error.stack === 'string' && error.stack !== '', 'stack is empty');
        expectTime(error.time);
      },
    },
  ],
};

function expectTime(time: unknown): void {
  contains(String(time), ISO_UTC, 'time');
  expectNow(String(time), 'time');
}

async function jsonLine(server: Server, mark: string): Promise<Record<string, unknown>> {
  const line = await accessLine(server, mark);
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error(`the access line is no JSON: ${show(line)}`);
  }
}
