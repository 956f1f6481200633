import type { Config } from '../catalog/config.js';
import { expand } from '../dockerfile/index.js';
import { type Engine, reasonOf } from '../engine/index.js';
import { messageOf, RuntimeKitError } from '../errors.js';
import { bootstrap, bootstrapName } from './bootstrap.js';

export type BaseSource = 'registry' | 'bootstrap';

/** A base image that is on the engine. */
export interface Base {
  /** What a Dockerfile's BASE argument is set to. */
  name: string;
  /** The registry's digest, or for a root made here its image id. */
  digest: string;
  source: BaseSource;
}

export interface BaseOptions {
  config: Config;
  suite: string;
  /** Makes or pulls it again though it is there. */
  refresh?: boolean;
  onStatus?: (text: string) => void;
  signal?: AbortSignal;
}

const PULL_TIMEOUT_MS = 120_000;

/**
 * Brings the base image of a Debian release to the engine.
 *
 * @throws RuntimeKitError BASE_UNREACHABLE, TOOL_MISSING.
 */
export async function ensureBase(engine: Engine, options: BaseOptions): Promise<Base> {
  const { source } = options.config.base;
  const ways = source === 'auto' ? (['registry', 'bootstrap'] as const) : [source];
  if (!options.refresh)
    for (const way of ways) {
      const base = await findBase(engine, options, way);
      if (base) return base;
    }
  const failures: string[] = [];
  for (const way of ways) {
    try {
      return await makeBase(engine, options, way);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (way === ways.at(-1) && failures.length === 0) throw error;
      failures.push(`${way}: ${messageOf(error)}`);
      options.onStatus?.(`no base from the ${way}: ${messageOf(error)}`);
    }
  }
  throw new RuntimeKitError(
    'BASE_UNREACHABLE',
    `no base image for ${options.suite}\n  ${failures.join('\n  ')}`,
    {
      hint: 'reach an image registry, or install mmdebstrap and reach a Debian mirror (base.mirror in runtime-kit.config.yaml)',
    },
  );
}

function registryReference({ config, suite }: BaseOptions): string {
  return expand(config.base.reference, { suite }, 'runtime-kit.config.yaml: base.reference');
}

async function findBase(
  engine: Engine,
  options: BaseOptions,
  source: BaseSource,
): Promise<Base | undefined> {
  const name =
    source === 'registry'
      ? registryReference(options)
      : bootstrapName(options.config.prefix, options.suite);
  const image = await engine.images.find(name);
  if (!image) return undefined;
  const digest = image.repoDigests[0]?.split('@')[1] ?? image.id;
  return { name, digest, source };
}

async function makeBase(engine: Engine, options: BaseOptions, source: BaseSource): Promise<Base> {
  if (source === 'registry') await pull(engine, options);
  else await bootstrap(engine, options);
  const base = await findBase(engine, options, source);
  if (base) return base;
  throw new RuntimeKitError('ENGINE_FAILED', `the base for ${options.suite} was made and is gone`);
}

async function pull(engine: Engine, options: BaseOptions): Promise<void> {
  const reference = registryReference(options);
  options.onStatus?.(`pulling ${reference}`);
  const timeout = AbortSignal.timeout(PULL_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    await engine.images.pull(reference, signal);
  } catch (error) {
    throw new RuntimeKitError(
      'BASE_UNREACHABLE',
      `cannot pull ${reference}: ${timeout.aborted ? 'no answer in 2 minutes' : reasonOf(error)}`,
      {
        hint: 'check the network, or use base.source: bootstrap in runtime-kit.config.yaml',
        cause: error,
      },
    );
  }
}
