import { afterAll, describe, inject, type TestContext, test } from 'vitest';
import type { Case, Rule } from '../rule.js';
import { rules } from '../rules/index.js';
import { openTarget } from '../targets/open.js';
import { CaseContext, Skipped } from '../testing/context.js';
import { Servers } from '../testing/servers.js';
import { applicableRules, reasonToSkip, splitCases } from './select.js';

/** The entry that vitest loads in the worker of each target: rules become suites, cases tests. */

const DEFAULT_LIMIT_S = 30;
/** A case that starts a fixture first compiles it, beside other cases that do the same. */
const COMPILED_LIMIT_FACTOR = 4;
const LOG_LINES = 20;

const input = inject('suite');
const target = await openTarget(input);
const servers = new Servers(target);
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
  for (const one of cases) {
    const factor = target.runtime?.phases.compilation ? COMPILED_LIMIT_FACTOR : 1;
    const timeout = (one.limit ?? DEFAULT_LIMIT_S) * factor * 1000;
    test(one.name, { timeout }, (context) => runCase(one, context));
  }
}

async function runCase(one: Case, { skip, task }: TestContext): Promise<void> {
  const reason = reasonToSkip(one, abilities);
  if (reason !== undefined) skip(reason);
  const t = new CaseContext(servers);
  let unasked: string | undefined;
  try {
    await one.run(t);
  } catch (error) {
    if (error instanceof Skipped) unasked = error.message;
    else {
      const log = await t.logTail(LOG_LINES).catch(() => '');
      Object.assign(task.meta, { log });
      throw withLog(error, log);
    }
  } finally {
    await t.dispose();
  }
  if (unasked !== undefined) skip(unasked);
}

/** Every reporter of vitest shows messages, so the log stands there too. */
function withLog(error: unknown, log: string): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (log === '') return error instanceof Error ? error : new Error(message);
  return new Error(`${message}\n\nlog of the server:\n${log}`, { cause: error });
}
