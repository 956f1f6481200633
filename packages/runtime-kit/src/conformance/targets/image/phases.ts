import type { Engine } from '../../../engine/index.js';
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
import { readTermination } from './termination.js';
import { FUNCTION_FOLDER, type RunVolumes, SUPPORT_FOLDER, TRUSTED_CA } from './volumes.js';

const USER = 1000;

export interface PhaseOptions {
  engine: Engine;
  volumes: RunVolumes;
  image: string;
  runtime: RuntimeFacts;
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
    if (results.length === 0) await openToEveryone(options, volume);
    // Nothing but the installation needs a registry, or may see the credentials.
    const registry = step === 'installation' ? start.registry : undefined;
    const { env = {}, offline = false } = start;
    const result = await runPhase(options, { volume, step, phase, registry, offline, env });
    results.push(result);
    if (result.code !== 0) break;
  }
  return results;
}

/** A new volume belongs to root; the platform's are writable for every uid. */
async function openToEveryone(
  { engine, image, volumes }: PhaseOptions,
  volume: string,
): Promise<void> {
  const { exitCode, stderr } = await engine.containers.run({
    image,
    user: '0',
    entrypoint: ['chmod'],
    command: ['0777', FUNCTION_FOLDER],
    labels: volumes.labels,
    volumes: [{ name: volume, path: FUNCTION_FOLDER }],
  });
  if (exitCode !== 0) throw new Error(`cannot open the volume in ${image}: ${stderr}`);
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
  { engine, image, runtime, volumes }: PhaseOptions,
  { volume, step, phase, registry, offline, env }: PhaseRun,
): Promise<PhaseResult> {
  const support = await volumes.support();
  const secret = registry && (await volumes.secret(REGISTRY_FILES, registry.files, USER));
  const network = offline ? 'none' : registry?.network;
  const id = await engine.containers.create({
    image,
    user: String(USER),
    entrypoint: ['sh', '-c'],
    command: [phase.command],
    labels: volumes.labels,
    env: phaseEnvironment(runtime, FUNCTION_FOLDER, {
      MOD_ROOT_PATH: FUNCTION_FOLDER,
      KUBELESS_TERMINATION_LOG: support.terminationLog,
      ...(volumes.trustedCa === undefined ? {} : { SSL_CERT_FILE: TRUSTED_CA }),
      ...phase.env,
      ...registry?.env,
      ...env,
    }),
    volumes: [
      { name: volume, path: FUNCTION_FOLDER },
      { name: support.volume, path: SUPPORT_FOLDER },
      ...(secret === undefined ? [] : [{ name: secret, path: REGISTRY_FILES, readOnly: true }]),
    ],
    ...(registry ? { hosts: registry.hosts } : {}),
    ...(network === undefined ? {} : { network }),
    readOnlyRoot: true,
    dropCapabilities: true,
    noNewPrivileges: true,
    tmpfs: { '/tmp': 'rw,exec,nosuid,mode=1777' },
  });
  const started = Date.now();
  try {
    await engine.containers.start(id);
    const code = await engine.containers.wait(id);
    const durationMs = Date.now() - started;
    const termination = await readTermination(engine, id, support.terminationLog);
    return { step, code, durationMs, termination, ...(await engine.containers.logs(id)) };
  } finally {
    await engine.containers.remove(id);
  }
}
