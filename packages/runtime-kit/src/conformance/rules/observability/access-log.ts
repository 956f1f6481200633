import type { Rule } from '../../rule.js';
import { check, equal, show } from '../../testing/expect.js';
import type { FetchOptions } from '../../testing/http.js';
import { accessLine, expectNow, linesWith, OTHER_ZONE } from './log-lines.js';

const COMBINED =
  /^(\S+) - \S+ \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "([^"]*)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"$/;

/** What is answered with an error, by a path to which the query's end is added. */
const UNHAPPY: [path: string, options: FetchOptions][] = [
  ['/throw?', {}],
  ['/sleep?ms=5000&', {}],
  ['/echo?', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
];

export const accessLogRule: Rule = {
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
        const [, , , request, status, bytes, referer, agent] = combined(line);
        equal(request, `GET /id?id=${mark} HTTP/1.1`, 'request');
        equal(status, '200', 'status');
        equal(bytes, String(answer.body.length), 'bytes');
        equal(referer, 'http://example.org/from', 'referer');
        equal(agent, 'probe/1.0', 'user agent');
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
      name: 'errors, timeouts and refusals have their line too, in any time zone',
      run: async (t) => {
        const server = await t.start({ env: { FUNC_TIMEOUT: '1', TZ: OTHER_ZONE } });
        for (const [path, options] of UNHAPPY) {
          const mark = t.mark();
          const answer = await server.fetch(`${path}${mark}`, options);
          const [, , , , status] = combined(await accessLine(server, mark));
          equal(status, String(answer.status), `status in the line of ${path}`);
        }
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
      name: 'preflights have none',
      run: async (t) => {
        const server = await t.shared();
        const mark = t.mark();
        const headers = {
          origin: 'http://example.org',
          'access-control-request-method': 'PATCH',
        };
        await server.fetch(`/id?id=${mark}-preflight`, { method: 'OPTIONS', headers });
        await server.fetch(`/id?id=${mark}-call`);
        await accessLine(server, `${mark}-call`);
        const { stdout } = await server.log();
        equal(linesWith(stdout, `${mark}-preflight`).length, 0, 'lines of the preflight');
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
};

/** The parts of a combined line, whose time must be now, whatever zone it is written in. */
function combined(line: string): RegExpExecArray {
  const parts = COMBINED.exec(line);
  check(parts, `not a combined log line: ${show(line)}`);
  const [, , time = ''] = parts;
  expectNow(time.replaceAll('/', ' ').replace(':', ' '), `the time of the line, ${time}`);
  return parts;
}
