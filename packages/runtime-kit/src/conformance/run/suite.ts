import { afterAll, describe, inject, type TestContext, test } from 'vitest';
import type { Case, Rule } from '../rule.js';
import { rules } from '../rules/index.js';
import { openTarget } from '../targets/open.js';
import { Skipped } from '../testing/context.js';
import { Servers } from '../testing/servers.js';
import { attempt, FailedAttempt } from './attempt.js';
import { applicableRules, reasonToSkip, splitCases } from './select.js';
import { Turns } from './turns.js';

/** The entry that vitest loads in the worker of each target: rules become suites, cases tests. */

const DEFAULT_LIMIT_S = 30;
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

for (const rule of selected)
  describe.concurrent(rule.id, () => register(rule, splitCases(rule).together, rule.cases.length));
for (const rule of selected) {
  const { alone } = splitCases(rule);
  if (alone.length > 0) describe.sequential(rule.id, () => register(rule, alone, alone.length));
}

afterAll(async () => {
  await servers.stopAll();
  await target.close();
}, 60_000);

function register(rule: Rule, cases: Case[], total: number): void {
  if (total === 0)
    test('has a case', () => {
      throw new Error(`no case yet proves ${rule.id}`);
    });
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
  try {
    await turns.among(once).catch((error: unknown) => {
      if (!input.remeasures || !(error instanceof FailedAttempt) || !error.isLate) throw error;
      Object.assign(task.meta, { late: error.message });
      return turns.alone(once);
    });
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
