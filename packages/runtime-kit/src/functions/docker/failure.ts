import type { NotHealthy } from '../../conformance/targets/health.js';
import type { PhaseResult } from '../../conformance/targets/target.js';
import { type Logs, reasonOf, statusOf } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';

const LAST_LINES = 10;

export function phaseFailed(name: string, result: PhaseResult): RuntimeKitError {
  const { step, code, termination } = result;
  const reason = termination.trim() || lastLines(result) || `exit code ${code}`;
  return new RuntimeKitError('FUNCTION_FAILED', `${name}: ${step} failed: ${reason}`, {
    hint:
      step === 'compilation'
        ? 'mend these lines of the function, and give it again'
        : 'mend the dependency file, or tell the installation of its registry by --env, and give it again',
  });
}

export function serverFailed(
  name: string,
  { message, tooSlow }: NotHealthy,
  { termination, ...logs }: Logs & { termination: string },
): RuntimeKitError {
  const said = termination.trim() || lastLines(logs);
  const reason = tooSlow ? `${message}${said && `; its log ends: ${said}`}` : said || message;
  return new RuntimeKitError('FUNCTION_FAILED', `${name} does not start: ${reason}`, {
    hint: 'mend the function or its handler, and give it again',
  });
}

function lastLines({ stdout, stderr }: Logs): string {
  return (stdout + stderr).trim().split('\n').slice(-LAST_LINES).join('\n');
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);

/** What an engine refuses, or stops answering in the middle of, in one line. */
export async function tellingEngineFailures<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw engineFailure(error);
  }
}

function engineFailure(error: unknown): unknown {
  if (error instanceof RuntimeKitError) return error;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const isLost = (syscall !== undefined || code === 'ECONNRESET') && LOST.has(code);
  if (!isLost && statusOf(error) === undefined) return error;
  const [message, hint] = isLost
    ? ['the engine stopped answering', START_AGAIN]
    : [
        `the engine refuses: ${reasonOf(error)}`,
        '`runtime-kit doctor` says whether the engine is well',
      ];
  return new RuntimeKitError('ENGINE_FAILED', message, { hint, cause: error });
}

const START_AGAIN =
  'start it again; what was half made shows in `kubeless function ls`, and `kubeless function delete` removes it';
