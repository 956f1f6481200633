import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../catalog/index.js';
import { CONTRACT_VERSION } from '../../dockerfile/labels.js';
import { connectEngine, type Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { Collector, summaryOf } from '../report/collect.js';
import type { Report, TargetResult } from '../report/schema.js';
import type { Profile, Rule } from '../rule.js';
import { rules } from '../rules/index.js';
import { cleanUp, groupsFolder } from './clean-up.js';
import { describeTarget, type TargetRequest } from './describe.js';
import type { SuiteInput, TargetDescription } from './description.js';
import { selectRules } from './select.js';
import { type MachineReporter, runInVitest } from './vitest.js';

export interface VerifyOptions {
  targets: TargetRequest[];
  /** Languages whose fixtures can be called. */
  runtimes: Runtime[];
  profile?: Profile;
  /** Only these rules. */
  only?: string[];
  /** vitest's own reporter beside our report; `output` is its file, stdout if unset. */
  machineReporter?: { name: MachineReporter; output: string | undefined };
  /** PEM bundle with which phases reach registries behind a private CA. */
  trustedCaFile?: string | undefined;
  onProgress?: (progress: Progress) => void;
  /** Aborts the run; everything it made is removed before the promise is rejected. */
  signal?: AbortSignal;
}

export interface Progress {
  target: string;
  done: number;
  total: number;
  failed: number;
}

/**
 * Proves the rules of the contract against each target and reports all of them.
 *
 * @throws RuntimeKitError UNKNOWN_RULE, USAGE, IMAGE_NOT_FOUND, ENGINE_MISSING, INTERRUPTED. A rule
 *   that is broken throws nothing: it is in the report.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { profile = 'full', only = [], signal } = options;
  const selected = selectRules(rules, profile, only);
  const engine = options.targets.some(({ kind }) => kind === 'image')
    ? await connectEngine()
    : undefined;
  const started = new Date();
  const descriptions = await describeAll(options, profile, engine);
  const runId = randomBytes(6).toString('hex');
  const runFolder = await mkdtemp(join(tmpdir(), 'runtime-kit-verify-'));
  const collector = new Collector();
  try {
    await mkdir(groupsFolder(runFolder));
    const input = (target: TargetDescription): SuiteInput => {
      return { target, runId, runFolder, profile, only };
    };
    const track = progressTracker(selected, options.onProgress);
    await runInVitest({
      targets: new Map([...descriptions].map(([name, target]) => [name, input(target)])),
      cacheFolder: join(runFolder, 'vite'),
      machineReporter: options.machineReporter,
      signal,
      onCase: (test) => {
        collector.add(test);
        track(test.project.name, test.result().state === 'failed');
      },
    });
  } finally {
    await cleanUp(runId, runFolder, engine);
  }
  if (signal?.aborted) throw new RuntimeKitError('INTERRUPTED', 'the verification was interrupted');
  const targets = [...descriptions].map(([name, target]) =>
    targetResult(name, target, collector, selected),
  );
  return {
    schema: 'runtime-kit/report/v1',
    contract: CONTRACT_VERSION,
    profile,
    started: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    passed: targets.every(({ summary }) => summary.failed === 0),
    targets,
  };
}

async function describeAll(
  { targets, runtimes, trustedCaFile }: VerifyOptions,
  profile: Profile,
  engine: Engine | undefined,
): Promise<Map<string, TargetDescription>> {
  const described = await Promise.all(
    targets.map((target) => describeTarget(target, { runtimes, profile, engine, trustedCaFile })),
  );
  return new Map(targets.map(({ name }, index) => [name, described[index] as TargetDescription]));
}

function progressTracker(
  selected: Rule[],
  report: (progress: Progress) => void = () => {},
): (target: string, failed: boolean) => void {
  const total = selected.reduce((sum, { cases }) => sum + Math.max(cases.length, 1), 0);
  const counts = new Map<string, Progress>();
  return (target, failed) => {
    const known = counts.get(target) ?? { target, done: 0, total, failed: 0 };
    const now = { ...known, done: known.done + 1, failed: known.failed + (failed ? 1 : 0) };
    counts.set(target, now);
    report(now);
  };
}

function targetResult(
  name: string,
  target: TargetDescription,
  collector: Collector,
  selected: Rule[],
): TargetResult {
  const found = collector.rules(name, selected, target.runtime?.gaps);
  return {
    name,
    kind: target.kind,
    ...(target.runtime ? { language: target.runtime.language } : {}),
    ...(target.kind === 'image' ? { imageId: target.image } : {}),
    summary: summaryOf(found),
    rules: found,
  };
}
