import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhaseMirrors, Runtime } from '../../catalog/index.js';
import { CONTRACT_VERSION } from '../../dockerfile/labels.js';
import { connectEngine, type Engine } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { Collector, summaryOf } from '../report/collect.js';
import type { Report, TargetResult } from '../report/schema.js';
import type { Profile, Rule } from '../rule.js';
import { rules } from '../rules/index.js';
import type { ImageDescription } from '../targets/image/target.js';
import { cleanUp, groupsFolder, stopAll } from './clean-up.js';
import { describeTarget, type TargetRequest } from './describe.js';
import type { SuiteInput, TargetDescription } from './description.js';
import { applicableRules, selectRules } from './select.js';
import { createTurns } from './turns.js';
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
  /** Mirrors that phases download from. */
  mirrors?: PhaseMirrors | undefined;
  /** Targets that are verified at a time; as many as there are processors if unset. */
  workers?: number | undefined;
  /**
   * Whether a case that missed a limit of time while others ran is asked again with nothing beside it, and
   * only then counts as failed: on unless set to false. Wrong answers are never asked again.
   */
  remeasures?: boolean;
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
  const { profile = 'full', signal } = options;
  const engine = options.targets.some(({ kind }) => kind === 'image')
    ? await connectEngine()
    : undefined;
  const started = new Date();
  const jobs = await Promise.all(options.targets.map((target) => jobOf(target, options, engine)));
  const runId = randomBytes(6).toString('hex');
  const runFolder = await mkdtemp(join(tmpdir(), 'runtime-kit-verify-'));
  const collector = new Collector();
  const shared = { runId, runFolder, turns: createTurns(), remeasures: options.remeasures ?? true };
  try {
    await mkdir(groupsFolder(runFolder));
    const input = ({ target, asked }: Job): SuiteInput => {
      return { ...shared, target, only: asked.map(({ id }) => id) };
    };
    const asking = jobs.filter(({ asked }) => asked.length > 0);
    const track = progressTracker(jobs, options.onProgress);
    await runInVitest({
      targets: new Map(asking.map((job) => [job.name, input(job)])),
      cacheFolder: join(runFolder, 'vite'),
      machineReporter: options.machineReporter,
      workers: options.workers ?? availableParallelism(),
      signal,
      onAbort: () => stopAll(runId, runFolder, engine),
      onCase: (test) => {
        collector.add(test);
        track(test.project.name, test.result().state === 'failed');
      },
    });
  } finally {
    await cleanUp(runId, runFolder, engine);
  }
  if (signal?.aborted) throw new RuntimeKitError('INTERRUPTED', 'the verification was interrupted');
  const targets = jobs.map((job) => targetResult(job, collector));
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

/** One target, the rules of its report, and those of them that apply to its language. */
interface Job {
  name: string;
  target: TargetDescription;
  selected: Rule[];
  asked: Rule[];
}

async function jobOf(
  request: TargetRequest,
  { runtimes, trustedCaFile, mirrors, profile = 'full', only = [] }: VerifyOptions,
  engine: Engine | undefined,
): Promise<Job> {
  const selected = selectRules(rules, profile, request.only ?? only);
  const target = await describeTarget(request, {
    runtimes,
    profile,
    engine,
    trustedCaFile,
    mirrors,
  });
  return { name: request.name, target, selected, asked: applicableRules(selected, target.runtime) };
}

function progressTracker(
  jobs: Job[],
  report: (progress: Progress) => void = () => {},
): (target: string, failed: boolean) => void {
  const counts = new Map<string, Progress>();
  for (const { name, asked } of jobs) {
    const total = asked.reduce((sum, { cases }) => sum + Math.max(cases.length, 1), 0);
    counts.set(name, { target: name, done: 0, total, failed: 0 });
  }
  return (name, failed) => {
    const known = counts.get(name) as Progress;
    const now = { ...known, done: known.done + 1, failed: known.failed + (failed ? 1 : 0) };
    counts.set(name, now);
    report(now);
  };
}

function targetResult({ name, target, selected }: Job, collector: Collector): TargetResult {
  const found = collector.rules(name, selected, target.runtime);
  return {
    name,
    kind: target.kind,
    ...(target.runtime ? { language: target.runtime.language } : {}),
    ...(target.kind === 'image' ? imagesOf(target) : {}),
    summary: summaryOf(found),
    rules: found,
  };
}

function imagesOf({ image, buildImage }: ImageDescription) {
  return { imageId: image, ...(buildImage === undefined ? {} : { buildImageId: buildImage }) };
}
