import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { messageOf, RuntimeKitError } from '../errors.js';
import { decodeStatus, type VertexStatus } from './buildkit-status.js';
import type { BuildEvent, BuildStep } from './types.js';

const LAST_LINES = 20;

interface BuildMessage {
  id?: string;
  aux?: unknown;
  errorDetail?: { message?: string };
  error?: string;
}

/**
 * Follows a BuildKit build to its end and returns the image id. A stream that ends proves nothing:
 * a failed build says so in `errorDetail`, and only `moby.image.id` says that it succeeded.
 *
 * @throws RuntimeKitError BUILD_FAILED; the message holds the step and its last log lines.
 */
export async function followBuild(
  stream: NodeJS.ReadableStream,
  { onEvent, signal }: { onEvent?: (event: BuildEvent) => void; signal?: AbortSignal },
): Promise<string> {
  const progress = new Progress(onEvent);
  let imageId: string | undefined;
  try {
    for await (const line of createInterface({
      input: Readable.from(stream),
    })) {
      const message = JSON.parse(line || '{}') as BuildMessage;
      if (message.id === 'moby.buildkit.trace') progress.add(String(message.aux));
      if (message.id === 'moby.image.id') imageId = (message.aux as { ID?: string }).ID;
      const problem = message.errorDetail?.message ?? message.error;
      if (problem !== undefined) throw progress.failure(problem);
    }
  } catch (error) {
    if (signal?.aborted) throw interrupted(error);
    throw error;
  }
  if (signal?.aborted) throw interrupted(signal.reason);
  if (imageId === undefined) throw progress.failure('the engine ended the build without an image');
  return imageId;
}

function interrupted(cause: unknown): RuntimeKitError {
  return new RuntimeKitError('INTERRUPTED', 'the build was interrupted', {
    cause,
  });
}

class Progress {
  private readonly steps = new Map<string, BuildStep>();
  private readonly logs = new Map<string, string>();

  constructor(private readonly onEvent: ((event: BuildEvent) => void) | undefined) {}

  add(trace: string): void {
    const { vertexes, logs } = decodeStatus(trace);
    for (const vertex of vertexes) this.addStep(vertex);
    for (const { vertex: digest, text } of logs) {
      this.logs.set(digest, (this.logs.get(digest) ?? '') + text);
      this.onEvent?.({ type: 'log', digest, text });
    }
  }

  failure(problem: string): RuntimeKitError {
    const step = [...this.steps.values()].find(({ state }) => state === 'failed');
    if (!step) return new RuntimeKitError('BUILD_FAILED', problem);
    const log = (this.logs.get(step.digest) ?? '').trimEnd().split('\n').slice(-LAST_LINES);
    const lines = log.map((line) => `    ${line}`).join('\n');
    return new BuildStepError(step.name, `${exitOf(problem)}\n${lines}`, problem);
  }

  private addStep({ digest, name, started, completed, cached, error }: VertexStatus): void {
    if (!started && !completed) return;
    const state = error ? 'failed' : cached ? 'cached' : completed ? 'done' : 'running';
    const step: BuildStep = { digest, name, state };
    if (this.steps.get(digest)?.state === state) return;
    this.steps.set(digest, step);
    this.onEvent?.({ type: 'step', step });
  }
}

/** A build that failed at a step which BuildKit named, as `[root 2/3] RUN …`. */
export class BuildStepError extends RuntimeKitError {
  constructor(
    readonly step: string,
    detail: string,
    cause: string,
  ) {
    super('BUILD_FAILED', detail, { cause: new Error(cause) });
  }
}

/** BuildKit repeats the whole command; its exit code is what is new. */
function exitOf(problem: string): string {
  const code = /exit code: (\d+)/.exec(problem)?.[1];
  return code === undefined ? messageOf(problem) : `exit code ${code}`;
}
