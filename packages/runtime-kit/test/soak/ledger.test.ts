import { expect, test } from 'vitest';
import { ANSWERED, FAILED, REFUSED, UNSETTLED } from '../../src/soak/call.js';
import { Ledger, type Outcome } from '../../src/soak/ledger.js';

/** A good call, begun at 1000, that ends well at 1010. */
function outcome(changes: Partial<Outcome> = {}): Outcome {
  const call = { kind: 'id', method: 'GET', path: '/id?id=1', counts: ANSWERED };
  return { call, from: 1000, to: 1010, status: 200, ...changes };
}

const NO_ANSWER = { status: undefined, problem: 'GET /id got no answer: other side closed' };
const FAILURE = { status: 500, problem: 'expected status 200, got 500' };

function verdictOf(ledger: Ledger): Record<string, number> {
  ledger.close();
  const [{ right, wrong, lost } = { right: 0, wrong: 0, lost: 0 }] = ledger.results();
  return { right, wrong, lost };
}

test('an answer that is right counts as a call', () => {
  const ledger = new Ledger();
  ledger.add(outcome());
  expect(verdictOf(ledger)).toEqual({ right: 1, wrong: 0, lost: 0 });
  expect(ledger.expected().get('GET')).toEqual({
    calls: [1, 1],
    failures: [0, 0],
    timeouts: [0, 0],
  });
});

test.each([
  ['no answer', NO_ANSWER],
  ['a 500', FAILURE],
  ['half an answer', { truncated: true, problem: 'the connection broke' }],
])('%s is wrong without a crash, lost beside one', (_, changes) => {
  const alone = new Ledger();
  alone.add(outcome(changes));
  expect(verdictOf(alone)).toEqual({ right: 0, wrong: 1, lost: 0 });
  const beside = new Ledger();
  beside.add(outcome(changes));
  // The crash's own caller may have its outcome later.
  beside.crash({ from: 1005, to: 1020 });
  expect(verdictOf(beside)).toEqual({ right: 0, wrong: 0, lost: 1 });
  expect(beside.expected().get('GET')).toEqual({
    calls: [0, 1],
    failures: [0, 1],
    timeouts: [0, 1],
  });
});

test('two seconds after a crash there is no excuse any more', () => {
  const ledger = new Ledger();
  ledger.crash({ from: 0, to: 100 });
  ledger.add(outcome({ ...NO_ANSWER, from: 2101, to: 2110 }));
  expect(verdictOf(ledger)).toEqual({ right: 0, wrong: 1, lost: 0 });
});

test.each([
  ['a wrong body', { problem: 'expected "1", got "2"' }],
  ['another status', { status: 404, problem: 'expected 200, got 404' }],
  ['no answer within any time', { ...NO_ANSWER, hung: true }],
])('%s is wrong, crash or not', (_, changes) => {
  const ledger = new Ledger();
  ledger.crash({ from: 1000, to: 1010 });
  ledger.add(outcome(changes));
  expect(verdictOf(ledger)).toEqual({ right: 0, wrong: 1, lost: 0 });
  expect(ledger.examples().get('id')).toEqual([changes.problem]);
});

test('what may break is right without an answer, and its counts are open only beside a crash', () => {
  const broken = { kind: 'broken', method: 'GET', path: '/stream-throw', counts: FAILED };
  const alone = new Ledger();
  alone.add(outcome({ call: { ...broken, mayBreak: true }, status: undefined }));
  expect(verdictOf(alone)).toEqual({ right: 1, wrong: 0, lost: 0 });
  expect(alone.expected().get('GET')?.failures).toEqual([1, 1]);
  const beside = new Ledger();
  beside.crash({ from: 1000, to: 1005 });
  beside.add(outcome({ call: { ...broken, mayBreak: true }, status: undefined }));
  expect(verdictOf(beside)).toEqual({ right: 1, wrong: 0, lost: 0 });
  expect(beside.expected().get('GET')?.failures).toEqual([0, 1]);
});

test('a failure that was asked for is right, and counts as one', () => {
  const ledger = new Ledger();
  const call = { kind: 'throw', method: 'GET', path: '/throw', counts: FAILED };
  ledger.add(outcome({ call, status: 500 }));
  expect(verdictOf(ledger)).toEqual({ right: 1, wrong: 0, lost: 0 });
  expect(ledger.expected().get('GET')?.failures).toEqual([1, 1]);
});

test('methods are counted apart, refusals not at all', () => {
  const ledger = new Ledger();
  ledger.add(outcome());
  for (let turn = 0; turn < 2; turn++)
    ledger.add(
      outcome({ call: { kind: 'crash', method: 'DELETE', path: '/exit', counts: UNSETTLED } }),
    );
  ledger.add(outcome({ call: { kind: 'bad', method: 'POST', path: '/echo', counts: REFUSED } }));
  ledger.close();
  expect(ledger.expected().get('GET')?.calls).toEqual([1, 1]);
  expect(ledger.expected().get('DELETE')?.calls).toEqual([0, 2]);
  expect(ledger.expected().get('POST')?.calls).toEqual([0, 0]);
  expect(ledger.totals()).toEqual({ calls: 4, wrong: 0 });
});

test('latencies are those of the calls that were right', () => {
  const ledger = new Ledger();
  for (let ms = 1; ms <= 100; ms++) ledger.add(outcome({ from: 0, to: ms }));
  ledger.add(outcome({ from: 0, to: 9999, problem: 'wrong' }));
  ledger.close();
  expect(ledger.results()[0]).toMatchObject({ p50Ms: 51, p99Ms: 100, right: 100, wrong: 1 });
});
