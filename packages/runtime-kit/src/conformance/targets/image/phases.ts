import type { PhaseMirrors } from '../../../catalog/index.js';
import type { ContainerOptions, Engine } from '../../../engine/index.js';
import { REGISTRY_FILES } from '../../registry/settings.js';
import { phaseEnvironment } from '../environment.js';
import { fixtureFiles } from '../fixtures.js';
import type {
  PhaseFacts,
  PhaseResult,
  RegistryAccess,
  RuntimeFacts,
  StartOptions,
} from '../target.js';
import { CONFINED } from './confinement.js';
import { mirrorVolume } from './mirrors.js';
import type { Sandboxes } from './sandboxes.js';
import { readTermination } from './termination.js';
import { FUNCTION_FOLDER, type RunVolumes, SUPPORT_FOLDER, TRUSTED_CA } from './volumes.js';

const USER = 1000;

export interface PhaseOptions {
  engine: Engine;
  volumes: RunVolumes;
  image: string;
  runtime: RuntimeFacts;
  mirrors?: PhaseMirrors | undefined;
  /** Networks for phases that may reach everything; without them each makes its own. */
  sandboxes?: Sandboxes | undefined;
}

/**
 * Installation, where there is a dependency file, then compilation, as the platform runs them:
 * `sh -c`, uid 1000, on the function's volume. Stops at the first that fails.
 */
export async function runPhases(
  options: PhaseOptions,
  volume: string,
  start: StartOptions,
): Promise<PhaseResult[]> {
  const { runtime } = options;
  const files = await fixtureFiles(runtime, start);
  const hasDependencies = files.some(({ path }) => path === runtime.dependencies);
  const { installation, compilation } = runtime.phases;
  const steps: [PhaseResult['step'], PhaseFacts | undefined][] = [
    ['installation', hasDependencies ? installation : undefined],
    ['compilation', compilation],
  ];
  const results: PhaseResult[] = [];
  for (const [step, phase] of steps) {
    if (!phase) continue;
    // Nothing but the installation needs a registry, or may see the credentials.
    const registry = step === 'installation' ? start.registry : undefined;
    const { env = {}, offline = false } = start;
    const result = await runPhase(options, { volume, step, phase, registry, offline, env });
    results.push(result);
    if (result.code !== 0) break;
  }
  return results;
}

interface PhaseRun {
  volume: string;
  step: PhaseResult['step'];
  phase: PhaseFacts;
  registry: RegistryAccess | undefined;
  offline: boolean;
  env: Record<string, string | undefined>;
}

async function runPhase(
  { engine, image, runtime, volumes, mirrors, sandboxes }: PhaseOptions,
  { volume, step, phase, registry, offline, env }: PhaseRun,
): Promise<PhaseResult> {
  const support = await volumes.support();
  const secret = registry && (await volumes.secret(registry.files, USER));
  const mirror = await mirrorVolume(volumes, mirrors, USER);
  const container: PhaseContainer = {
    image,
    command: phase.command,
    terminationLog: support.terminationLog,
    labels: volumes.labels,
    env: phaseEnvironment(runtime, FUNCTION_FOLDER, {
      MOD_ROOT_PATH: FUNCTION_FOLDER,
      KUBELESS_TERMINATION_LOG: support.terminationLog,
      ...(volumes.trustedCa === undefined ? {} : { SSL_CERT_FILE: TRUSTED_CA }),
      ...mirrors?.env,
      ...phase.env,
      ...registry?.env,
      ...env,
    }),
    volumes: [
      { name: volume, path: FUNCTION_FOLDER },
      { name: support.volume, path: SUPPORT_FOLDER },
      ...(secret === undefined ? [] : [{ name: secret, path: REGISTRY_FILES, readOnly: true }]),
      ...mirror,
    ],
    ...(registry ? { hosts: registry.hosts } : {}),
  };
  const run = async (place: Pick<PhaseContainer, 'network'>): Promise<PhaseResult> => ({
    step,
    ...(await runPhaseContainer(engine, { ...container, ...place })),
  });
  if (offline) return run({ network: 'none' });
  if (registry) return run(registry.network === undefined ? {} : { network: registry.network });
  return sandboxes ? sandboxes.use(run) : run({});
}

export interface PhaseContainer
  extends Pick<ContainerOptions, 'image' | 'labels' | 'env' | 'volumes' | 'hosts' | 'network'> {
  command: string;
  /** Path of a file on one of the volumes that the phase may write. */
  terminationLog: string;
}

/** `sh -c COMMAND` as uid 1000, confined; nothing but its volumes and /tmp can be written. */
export async function runPhaseContainer(
  engine: Engine,
  { command, terminationLog, ...options }: PhaseContainer,
): Promise<Omit<PhaseResult, 'step'>> {
  const id = await engine.containers.create({
    ...options,
    user: String(USER),
    entrypoint: ['sh', '-c'],
    command: [command],
    ...CONFINED,
    tmpfs: { '/tmp': 'rw,exec,nosuid,mode=1777' },
  });
  const started = Date.now();
  try {
    await engine.containers.start(id);
    const code = await engine.containers.wait(id);
    const durationMs = Date.now() - started;
    const termination = await readTermination(engine, id, terminationLog);
    return { code, durationMs, termination, ...(await engine.containers.logs(id)) };
  } finally {
    await engine.containers.remove(id);
  }
}
