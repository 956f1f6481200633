import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Engine } from '../engine/index.js';
import { messageOf, RuntimeKitError } from '../errors.js';
import type { BaseOptions } from './base.js';
import { debianSources } from './debian-sources.js';

/** The Debian root of a release that was made on this machine. */
export function bootstrapName(prefix: string, suite: string): string {
  return `${prefix}/base:${suite}`;
}

/**
 * Makes a minimal Debian root with mmdebstrap and gives it to the engine as an image of one layer.
 *
 * @throws RuntimeKitError TOOL_MISSING without mmdebstrap, BASE_UNREACHABLE with its last lines.
 */
export async function bootstrap(
  engine: Engine,
  { config, suite, onStatus, signal }: BaseOptions,
): Promise<void> {
  onStatus?.(`making a ${suite} root with mmdebstrap`);
  const { mirror } = config.base;
  const sources = mirror === undefined ? debianSources(config.mirrors, suite) : [mirror];
  const child = spawn(
    'mmdebstrap',
    ['--quiet', '--variant=minbase', '--format=tar', suite, '-', ...sources],
    { stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const name = bootstrapName(config.prefix, suite);
  // Under a name of its own until it is whole: a root that breaks off must not replace a good one.
  const unfinished = `${name}-${randomUUID().slice(0, 8)}`;
  const [status, stderr, imported] = await Promise.all([
    ended.catch(startFailure),
    text(child.stderr),
    engine.images.import(child.stdout, unfinished).then(
      (id) => ({ id }),
      (error: unknown) => ({ error }),
    ),
  ]);
  try {
    if (status !== 0) throw bootstrapFailure(suite, stderr, signal);
    if ('error' in imported) throw imported.error;
    await engine.images.tag(imported.id, name);
  } finally {
    await engine.images.remove(unfinished);
  }
}

function startFailure(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOENT') throw error;
  throw new RuntimeKitError('TOOL_MISSING', 'mmdebstrap is not installed', {
    hint: 'apt-get install mmdebstrap, or use base.source: registry in runtime-kit.config.yaml',
    cause: error,
  });
}

function bootstrapFailure(suite: string, stderr: string, signal?: AbortSignal): RuntimeKitError {
  if (signal?.aborted)
    return new RuntimeKitError('INTERRUPTED', `making the ${suite} root was interrupted`);
  const lines = stderr.trimEnd().split('\n').slice(-8).join('\n    ');
  return new RuntimeKitError(
    'BASE_UNREACHABLE',
    `mmdebstrap could not make a ${suite} root:\n    ${messageOf(lines)}`,
    {
      hint: 'is the Debian mirror reachable? mirrors.debian or base.mirror in runtime-kit.config.yaml names another',
    },
  );
}
