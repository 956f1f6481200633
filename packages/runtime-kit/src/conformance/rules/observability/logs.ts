import type { Rule } from '../../rule.js';
import type { Server } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { answers, check, contains, equal, show } from '../../testing/expect.js';
import { until } from '../../testing/poll.js';

/** 100 ms until it is written, and what the engine takes to hand it on. */
const LOG_WITHIN_MS = 600;

const COMBINED =
  /^(\S+) - \S+ \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "([^"]*)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"$/;

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

const linesWith = (text: string, mark: string): string[] =>
  text.split('\n').filter((line) => line.includes(mark));

/** The only line of stdout with the mark. */
async function accessLine(server: Server, mark: string): Promise<string> {
  await until(`an access line with ${mark}`, LOG_WITHIN_MS, async () => {
    return linesWith((await server.log()).stdout, mark).length > 0;
  });
  const lines = linesWith((await server.log()).stdout, mark);
  equal(lines.length, 1, `number of access lines with ${mark}`);
  return lines[0] ?? '';
}

async function jsonLine(server: Server, mark: string): Promise<Record<string, unknown>> {
  const line = await accessLine(server, mark);
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error(`the access line is no JSON: ${show(line)}`);
  }
}

export const logRules: Rule[] = [
  {
    id: 'log.access',
    statement: 'One line per call on stdout in combined format, soon and before the exit',
    profile: 'full',
    cases: [
      {
        name: 'the parts of the line',
        run: async (t) => {
          const server = await t.shared();
          const mark = t.mark();
          const answer = await server.fetch(`/id?id=${mark}`, {
            headers: { referer: 'http://example.org/from', 'user-agent': 'probe/1.0' },
          });
          const line = await accessLine(server, mark);
          const parts = COMBINED.exec(line);
          check(parts, `not a combined log line: ${show(line)}`);
          const [, , time = '', request, status, bytes, referer, agent] = parts;
          equal(request, `GET /id?id=${mark} HTTP/1.1`, 'request');
          equal(status, '200', 'status');
          equal(bytes, String(answer.body.length), 'bytes');
          equal(referer, 'http://example.org/from', 'referer');
          equal(agent, 'probe/1.0', 'user agent');
          const written = Date.parse(time.replaceAll('/', ' ').replace(':', ' '));
          check(Math.abs(Date.now() - written) < 60_000, `the time of the line is ${time}`);
        },
      },
      {
        name: 'quotes and line ends of the caller cannot forge a line',
        run: async (t) => {
          const server = await t.shared();
          const mark = t.mark();
          await server.fetch(`/id?id=${mark}`, { headers: { 'user-agent': 'a" 200 1 "b' } });
          const line = await accessLine(server, mark);
          check(!line.includes('a" 200 1 "b'), `the quotes stand unescaped: ${show(line)}`);
        },
      },
      {
        name: 'errors and timeouts have their line too',
        run: async (t) => {
          const server = await t.shared({ env: { FUNC_TIMEOUT: '1' } });
          const [failed, late] = [t.mark(), t.mark()];
          await server.fetch(`/throw?${failed}`);
          await server.fetch(`/sleep?ms=5000&${late}`);
          contains(await accessLine(server, failed), '" 500 ', 'the line of an error');
          contains(await accessLine(server, late), '" 408 ', 'the line of a timeout');
        },
      },
      {
        name: 'probes and /metrics have none',
        run: async (t) => {
          const server = await t.start();
          const mark = t.mark();
          await server.fetch(`/healthz?${mark}-probe`);
          await server.fetch(`/metrics?${mark}-metrics`);
          await server.fetch(`/hello?${mark}-call`);
          await accessLine(server, `${mark}-call`);
          const { stdout } = await server.log();
          equal(linesWith(stdout, '/healthz').length, 0, 'lines about /healthz');
          equal(linesWith(stdout, '/metrics').length, 0, 'lines about /metrics');
        },
      },
      {
        name: 'lines are written before the exit',
        run: async (t) => {
          const server = await t.start();
          const marks = Array.from({ length: 20 }, () => t.mark());
          await Promise.all(marks.map((mark) => server.fetch(`/id?id=${mark}`)));
          await server.signal('SIGTERM');
          await server.exit(12_000);
          const { stdout } = await server.log();
          for (const mark of marks) equal(linesWith(stdout, mark).length, 1, `lines with ${mark}`);
        },
      },
    ],
  },
  {
    id: 'log.json',
    statement: 'LOG_FORMAT=json: one object a line with the same keys in every language',
    profile: 'full',
    cases: [
      {
        name: 'the keys and values of a call',
        run: async (t) => {
          const server = await t.shared({ env: { LOG_FORMAT: 'json' } });
          const mark = t.mark();
          const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
          const answer = await server.fetch(`/id/${mark}?id=abc`, {
            method: 'POST',
            headers: { 'event-id': 'event-1', traceparent },
            body: 'x',
          });
          const line = await jsonLine(server, mark);
          equal(Object.keys(line).sort(), [...JSON_KEYS].sort(), 'keys');
          check(!Number.isNaN(Date.parse(String(line.time))), `time is ${show(line.time)}`);
          equal(line.level, 'info', 'level');
          equal(line.method, 'POST', 'method');
          equal(line.path, `/id/${mark}`, 'path');
          equal(line.status, 200, 'status');
          equal(line.bytes, answer.body.length, 'bytes');
          equal(line.eventId, 'event-1', 'eventId');
          equal(line.traceparent, traceparent, 'traceparent');
          equal(typeof line.durationMs, 'number', 'type of durationMs');
          check(typeof line.remote === 'string' && line.remote !== '', 'remote is empty');
        },
      },
      {
        name: 'absent values are null, so that the keys are always there',
        run: async (t) => {
          const server = await t.shared({ env: { LOG_FORMAT: 'json' } });
          const mark = t.mark();
          await server.fetch(`/hello/${mark}`);
          const line = await jsonLine(server, mark);
          equal([line.eventId, line.traceparent], [null, null], 'eventId and traceparent');
        },
      },
      {
        name: 'errors are objects with message and stack',
        run: async (t) => {
          const server = await t.shared({ env: { LOG_FORMAT: 'json' } });
          await server.fetch('/throw');
          const line = await until('an error line on stderr', LOG_WITHIN_MS, async () =>
            (await server.log()).stderr.split('\n').find((one) => one.includes('secret-4711')),
          );
          const error = JSON.parse(line) as Record<string, unknown>;
          equal(error.level, 'error', 'level');
          contains(String(error.message), 'secret-4711', 'message');
          check(typeof error.stack === 'string' && error.stack !== '', 'stack is empty');
          check(!Number.isNaN(Date.parse(String(error.time))), `time is ${show(error.time)}`);
        },
      },
    ],
  },
  {
    id: 'log.output',
    statement: 'What the function prints is there at once, whole lines beside access lines',
    profile: 'full',
    cases: [
      ...(['stdout', 'stderr'] as const).map((stream) => ({
        name: `${stream}, at once`,
        run: async (t: CaseContext) => {
          const server = await t.shared();
          const mark = t.mark();
          answers(await server.fetch(`/print?text=${mark}&to=${stream}`), { text: 'printed' });
          await until(`${mark} in the log`, LOG_WITHIN_MS, async () => {
            const { stdout, stderr } = await server.log();
            return `${stdout}\n${stderr}`.split('\n').includes(mark);
          });
        },
      })),
      {
        name: 'printed before an answer that takes long',
        run: async (t) => {
          const server = await t.shared();
          const mark = t.mark();
          const print = await server.fetch(`/print?text=${mark}&to=stdout`);
          answers(print, { status: 200 });
          const slow = server.fetch('/sleep?ms=1500');
          await until(`${mark} in the log`, LOG_WITHIN_MS, async () =>
            (await server.log()).stdout.includes(mark),
          );
          await slow;
        },
      },
      {
        name: 'no line is torn while 100 calls print',
        run: async (t) => {
          const server = await t.shared();
          const mark = t.mark();
          const texts = Array.from(
            { length: 100 },
            (_, index) => `${mark}-${index}-${'x'.repeat(80)}`,
          );
          await Promise.all(
            texts.map((text) => server.fetch(`/print?text=${text}&to=stdout`, { limitMs: 20_000 })),
          );
          await until('every printed line whole', 2000, async () => {
            const lines = (await server.log()).stdout.split('\n');
            return texts.every((text) => lines.includes(text));
          });
        },
      },
    ],
  },
];
