import { afterAll, describe, inject, type TestContext, test } from 'vitest';
import type { Case } from '../rule.js';
import { rules } from '../rules/index.js';
import { openTarget } from '../targets/open.js';
import { Skipped } from '../testing/context.js';
import { Servers } from '../testing/servers.js';
import { attempt, FailedAttempt } from './attempt.js';
import {
  applicableRules,
  DEFAULT_LIMIT_S,
  orderCases,
  reasonToSkip,
  type Share,
} from './select.js';
import { Turns } from './turns.js';

/** The entry that vitest loads in the worker of each target: rules become suites, cases tests. */

/** A case that starts a fixture first compiles it, beside other cases that do the same. */
const COMPILED_LIMIT_FACTOR = 4;

const input = inject('suite');
const target = await openTarget(input);
const servers = new Servers(target);
const turns = new Turns(input.turns);
const abilities = {
  isContainer: target.image !== undefined,
  hasFunctions: target.runtime !== undefined,
};
const selected = applicableRules(
  rules.filter(({ id }) => input.only.includes(id)),
  target.runtime,
);

const { together, lanes } = orderCases(selected);
for (const share of together) describe.concurrent(share.rule.id, () => register(share));
// Vitest runs neighbours that are concurrent at the same time; what is sequential between them divides them.
if (lanes.length > 0) describe.sequential('measured', () => lanes.forEach(registerLane));
for (const { id, cases } of selected) if (cases.length === 0) describe(id, failWithoutCase);

afterAll(async () => {
  await servers.stopAll();
  await target.close();
}, 60_000);

function registerLane(shares: Share[]): void {
  describe.concurrent('lane', () => {
    for (const share of shares) describe.sequential(share.rule.id, () => register(share));
  });
}

function failWithoutCase(): void {
  test('has a case', () => {
    throw new Error('no case yet proves this rule');
  });
}

function register({ cases }: Share): void {
  const factor = target.runtime?.phases.compilation ? COMPILED_LIMIT_FACTOR : 1;
  for (const one of cases) {
    const limitMs = (one.limit ?? DEFAULT_LIMIT_S) * factor * 1000;
    // The limit is of each attempt; a case may also wait for its turn.
    test(one.name, { timeout: 0 }, (context) => runCase(one, limitMs, context));
  }
}

async function runCase(one: Case, limitMs: number, { skip, task }: TestContext): Promise<void> {
  const reason = reasonToSkip(one, abilities);
  if (reason !== undefined) skip(reason);
  const once = (): Promise<void> => attempt(one, servers, limitMs);
  const measured = (): Promise<void> =>
    turns.among(once).catch((error: unknown) => {
      if (!input.remeasures || !(error instanceof FailedAttempt) || !error.isLate) throw error;
      Object.assign(task.meta, { late: error.message });
      return turns.alone(once);
    });
  try {
    await (one.lane === undefined ? measured() : turns.inLane(one.lane, measured));
  } catch (error) {
    if (error instanceof Skipped) skip(error.message);
    if (!(error instanceof FailedAttempt)) throw error;
    Object.assign(task.meta, { log: error.log });
    throw withLog(error);
  }
}

/** Every reporter of vitest shows messages, so the log stands there too. */
function withLog({ message, cause, log }: FailedAttempt): unknown {
  if (log === '') return cause instanceof Error ? cause : new Error(message);
  return new Error(`${message}\n\nlog of the server:\n${log}`, { cause });
}
