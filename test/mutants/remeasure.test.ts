import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseResult } from '../../packages/runtime-kit/src/conformance/index.js';
import { REFERENCE, type ReferenceTarget, verifyTargets } from './verify-reference.js';

const LIMIT_MS = 60_000;
const RULE = 'timeout.wait';
const CASE = 'a fraction of a second counts';
const LATE = expect.stringMatching(/408 took \d+ ms, at most 1000 ms are allowed/);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remeasure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a limit of time that was missed beside other cases', { timeout: LIMIT_MS }, () => {
  test('is measured again with nothing beside it', async ({ signal }) => {
    const { status, late, message } = await caseOf(lateOnce('again'), { signal, remeasures: true });
    expect({ status, late, message }).toEqual({ status: 'passed', late: LATE, message: undefined });
  });

  test('fails the rule where it is missed then, too', async ({ signal }) => {
    const command = 'env RUNTIME_KIT_MUTANT=timeout-late node server/main.js';
    const { status, late, message } = await caseOf(command, { signal, remeasures: true });
    expect({ status, late, message }).toEqual({ status: 'failed', late: LATE, message: LATE });
  });

  test('fails the rule at once where nothing is to be measured again', async ({ signal }) => {
    const { status, late } = await caseOf(lateOnce('once'), { signal, remeasures: false });
    expect({ status, late }).toEqual({ status: 'failed', late: undefined });
  });
});

/** The first server of the case answers too late, those after it in time. */
function lateOnce(name: string): string {
  const first = `[ "$FUNC_TIMEOUT" = 0.5 ] && mkdir "${join(folder, name)}" 2>/dev/null`;
  return `sh -c '${first} && export RUNTIME_KIT_MUTANT=timeout-late; exec node server/main.js'`;
}

async function caseOf(
  command: string,
  options: { signal: AbortSignal; remeasures: boolean },
): Promise<Partial<CaseResult>> {
  const target: ReferenceTarget = {
    kind: 'command',
    name: 'reference',
    workingFolder: REFERENCE,
    command,
    only: [RULE],
  };
  const { targets } = await verifyTargets([target], options);
  return targets[0]?.rules[0]?.cases.find(({ name }) => name === CASE) ?? {};
}
