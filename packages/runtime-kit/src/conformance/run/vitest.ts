import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CliOptions, startVitest, type TestCase, type Vitest } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';
import type { SuiteInput } from './description.js';

const SUITE = fileURLToPath(new URL('./suite.js', import.meta.url));

/** Cases of one target that run at a time. Most wait, in containers for the engine, too. */
const CASES_AT_A_TIME = { image: 16, command: 8 };
const HOOK_LIMIT_MS = 60_000;
const ABORT_POLL_MS = 300;

/** vitest's own reporters, for machines that read them. */
export type MachineReporter = 'junit' | 'github-actions';

export interface VitestRun {
  /** A worker each, by the name that reports show. */
  targets: Map<string, SuiteInput>;
  /** Where vitest may write what it wants to keep. */
  cacheFolder: string;
  machineReporter: { name: MachineReporter; output: string | undefined } | undefined;
  /** Targets at a time. */
  workers: number;
  onCase: (test: TestCase) => void;
  /** Ends what running cases wait for, again and again: an aborted vitest still waits for its cases. */
  onAbort: () => Promise<void>;
  signal: AbortSignal | undefined;
}

/**
 * Runs the suite in vitest, as product code: compiled files loaded as they are, no configuration of
 * the folder that the user stands in, nothing written beside this package.
 *
 * @throws the first error outside of a case, such as a target that cannot be opened.
 */
export async function runInVitest(run: VitestRun): Promise<void> {
  if (run.targets.size === 0) return;
  const errors: unknown[] = [];
  let vitest: Vitest | undefined;
  const giveBackSignals = keepSignals();
  const collect: Reporter = {
    onInit: (started) => {
      vitest = started;
      giveBackSignals();
    },
    onTestCaseResult: run.onCase,
    onTestRunEnd: (modules, unhandled) => {
      errors.push(...unhandled, ...modules.flatMap((module) => module.errors()));
    },
  };
  const exitCode = process.exitCode;
  const finished = startVitest('test', [], options(run, collect), {
    cacheDir: run.cacheFolder,
    logLevel: 'silent',
  });
  await Promise.race([finished, aborted(run.signal)]);
  while (run.signal?.aborted && !(await isOver(finished))) {
    // It has no effect on a run that is only about to begin; then the next time.
    vitest?.cancelCurrentRun('keyboard-input').catch(() => {});
    await run.onAbort();
  }
  await finished;
  // vitest sets it where a test failed; which exit code that means is the caller's to say.
  process.exitCode = exitCode;
  if (errors.length > 0 && !run.signal?.aborted) throw toError(errors[0]);
}

/**
 * vitest ends the process a millisecond after Ctrl-C, before anything can be put away. The returned
 * function takes away the listeners that were added since.
 */
function keepSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)));
  return () => {
    for (const signal of signals)
      for (const listener of process.listeners(signal))
        if (!before.has(listener)) process.off(signal, listener);
  };
}

function options(run: VitestRun, collect: Reporter): CliOptions {
  const { targets, cacheFolder, machineReporter } = run;
  return {
    config: false,
    watch: false,
    root: dirname(SUITE),
    silent: true,
    reporters: [collect, ...(machineReporter ? [reporterOf(machineReporter)] : [])],
    projects: [...targets].map(([name, suite]) => project(name, suite, cacheFolder)),
    maxWorkers: Math.min(targets.size, run.workers),
  } as CliOptions;
}

function reporterOf({ name, output }: NonNullable<VitestRun['machineReporter']>): unknown {
  return [name, output === undefined ? {} : { outputFile: output }];
}

function project(name: string, suite: SuiteInput, cacheDir: string): object {
  return {
    extends: false,
    cacheDir,
    logLevel: 'silent',
    test: {
      name,
      root: dirname(SUITE),
      include: [basename(SUITE)],
      // By default nothing below node_modules is a test, and there this package is when installed.
      exclude: [],
      pool: 'threads',
      maxConcurrency: CASES_AT_A_TIME[suite.target.kind],
      hookTimeout: HOOK_LIMIT_MS,
      provide: { suite },
      // The suite is compiled: Node loads it itself, without vite in between.
      experimental: { viteModuleRunner: false, nodeLoader: false },
    },
  };
}

/** Whether it has ended, or does so in a moment. */
function isOver(run: Promise<unknown>): Promise<boolean> {
  const over = run.then(
    () => true,
    () => true,
  );
  return Promise.race([over, sleep(ABORT_POLL_MS, false)]);
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function toError(error: unknown): Error {
  if (error instanceof Error) return error;
  const { message = String(error), stack } = error as { message?: string; stack?: string };
  return Object.assign(new Error(message), stack === undefined ? {} : { stack });
}
