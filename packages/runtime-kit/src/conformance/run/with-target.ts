import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhaseMirrors, Runtime } from '../../catalog/index.js';
import { connectEngine } from '../../engine/index.js';
import { openTarget } from '../targets/open.js';
import type { Target } from '../targets/target.js';
import { cleanUp, groupsFolder, stopAll } from './clean-up.js';
import { describeTarget, type TargetRequest } from './describe.js';
import { interruption } from './interruption.js';

export interface TargetSurroundings {
  /** Languages whose fixtures can be called. */
  runtimes: Runtime[];
  /** PEM bundle with which phases reach registries behind a private CA. */
  trustedCaFile?: string | undefined;
  /** Mirrors that phases download from. */
  mirrors?: PhaseMirrors | undefined;
  /** Aborts the work; everything it made is removed before the promise is rejected. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a target for work outside the suite, and removes what the work started: servers, volumes,
 * folders.
 *
 * @throws RuntimeKitError USAGE, IMAGE_NOT_FOUND, ENGINE_MISSING, INTERRUPTED; what `work` throws.
 */
export async function withTarget<Result>(
  request: TargetRequest,
  { runtimes, trustedCaFile, mirrors, signal }: TargetSurroundings,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const engine = request.kind === 'image' ? await connectEngine() : undefined;
  const around = { runtimes, profile: 'full', engine, trustedCaFile, mirrors } as const;
  const target = await describeTarget(request, around);
  const runId = randomBytes(6).toString('hex');
  const runFolder = await mkdtemp(join(tmpdir(), 'runtime-kit-run-'));
  await mkdir(groupsFolder(runFolder));
  const working = openTarget({ target, runId, runFolder }).then(work);
  try {
    return await Promise.race([working, interruption(signal)]);
  } finally {
    // Work that was left in the middle ends by losing what it waits for, and may have begun more.
    await stopAll(runId, runFolder, engine);
    await Promise.allSettled([working]);
    await cleanUp(runId, runFolder, engine);
  }
}
