import { NotHealthy } from '../targets/health.js';
import type { Server, StartOptions, Target } from '../targets/target.js';
import type { TargetRequest } from './describe.js';
import type { Identity } from './trial-schema.js';

const LOG_LINES = 20;

/**
 * Starts one server of a target for work that takes its time, and stops it. `failed` makes the result
 * where it does not start, and `log` is added to one with violations.
 */
export async function trial<Result extends { violations: string[] }>(
  { name, kind }: TargetRequest,
  target: Target,
  options: StartOptions,
  work: (server: Server) => Promise<Result>,
  failed: (violation: string) => Result,
): Promise<Identity & Result & { log?: string }> {
  const identity: Identity = {
    name,
    kind,
    language: target.runtime?.language ?? '',
    ...(target.image ? { imageId: target.image.id } : {}),
  };
  let server: Server;
  try {
    server = await target.start(options);
  } catch (error) {
    if (!(error instanceof NotHealthy)) throw error;
    return { ...identity, ...failed(`it did not start: ${error.message}`) };
  }
  try {
    const result = await work(server);
    const log = result.violations.length > 0 ? await lastErrors(server) : '';
    return { ...identity, ...result, ...(log === '' ? {} : { log }) };
  } finally {
    await server.stop();
  }
}

async function lastErrors(server: Server): Promise<string> {
  const { stderr } = await server.log().catch(() => ({ stderr: '' }));
  return stderr.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}
