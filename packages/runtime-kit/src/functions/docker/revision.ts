import { NotHealthy, untilHealthy } from '../../conformance/targets/health.js';
import { CONFINED, TMP } from '../../conformance/targets/image/confinement.js';
import { runPhaseContainer } from '../../conformance/targets/image/phases.js';
import { readTermination } from '../../conformance/targets/image/termination.js';
import { OPEN, SUPPORT_FOLDER, TRUSTED_CA } from '../../conformance/targets/image/volumes.js';
import { makeVolumes } from '../../engine/index.js';
import { FUNCTION_FOLDER, type FunctionPlan, type PlannedPhase } from '../plan/types.js';
import type { FunctionResource } from '../resource/schema.js';
import { phaseFailed, serverFailed } from './failure.js';
import { LABELS, labelsOf, revisionName } from './labels.js';
import { type MountedFiles, mirrorFiles } from './mirrors.js';
import { startIn } from './network.js';
import type { Workbench } from './workbench.js';

const TERMINATION_LOG = `${SUPPORT_FOLDER}/termination-log`;
/** Where the content of a function's resource lies for the next update. */
export const CONTENT_FILE = 'content';
/** Any uid may write its termination log. */
const WRITABLE = 0o666;
const START_LIMIT_MS = 60_000;

/** A version of a function: its volumes, and the server that answers its calls. */
export interface Revision {
  revision: string;
  /** Name of the server's container, by which the front finds it. */
  host: string;
  port: number;
}

/**
 * Carries a plan out: files on a volume, phases, a server that is healthy.
 *
 * @throws RuntimeKitError FUNCTION_FAILED, IMAGE_NOT_FOUND; what was made by then stays
 */
export async function makeRevision(
  bench: Workbench,
  plan: FunctionPlan,
  resource: FunctionResource,
  revision: string,
): Promise<Revision> {
  const { engine, onStatus } = bench;
  for (const image of new Set([plan.server.image, ...plan.phases.map((phase) => phase.image)]))
    await engine.images.require(image, bench.signal);
  const volumes = volumesOf(bench, plan, resource, revision);
  const labels = labelsOf(plan, 'volume', revision);
  await makeVolumes(engine, { image: plan.server.image, labels }, volumes);
  for (const phase of plan.phases) {
    onStatus?.(phase.phase);
    await runPhase(bench, plan, phase, revision);
  }
  onStatus?.('start');
  return startServer(bench, plan, resource, revision);
}

function volumesOf(
  { trustedCa, mirrors }: Workbench,
  plan: FunctionPlan,
  { spec }: FunctionResource,
  revision: string,
): MountedFiles[] {
  const name = revisionName(plan, revision);
  return [
    { name, path: FUNCTION_FOLDER, files: plan.files, mode: OPEN },
    {
      name: `${name}.support`,
      path: SUPPORT_FOLDER,
      files: [
        { path: 'termination-log', mode: WRITABLE },
        { path: CONTENT_FILE, content: spec.function },
        ...(trustedCa === undefined ? [] : [{ path: 'ca.crt', content: trustedCa }]),
      ],
    },
    ...mirrorFiles(name, mirrors),
  ];
}

async function runPhase(
  { engine, trustedCa, mirrors }: Workbench,
  plan: FunctionPlan,
  { phase, image, command, env }: PlannedPhase,
  revision: string,
): Promise<void> {
  const name = revisionName(plan, revision);
  const result = await runPhaseContainer(engine, {
    image,
    command,
    terminationLog: TERMINATION_LOG,
    labels: labelsOf(plan, 'phase', revision),
    env: {
      KUBELESS_TERMINATION_LOG: TERMINATION_LOG,
      ...(trustedCa === undefined ? {} : { SSL_CERT_FILE: TRUSTED_CA }),
      ...mirrors?.env,
      ...env,
    },
    volumes: [
      { name, path: FUNCTION_FOLDER },
      { name: `${name}.support`, path: SUPPORT_FOLDER },
      ...mirrorFiles(name, mirrors).map(({ name, path }) => ({ name, path, readOnly: true })),
    ],
  });
  if (result.code !== 0) throw phaseFailed(plan.name, { step: phase, ...result });
}

async function startServer(
  bench: Workbench,
  plan: FunctionPlan,
  resource: FunctionResource,
  revision: string,
): Promise<Revision> {
  const { engine } = bench;
  const { server } = plan;
  const id = await startIn(engine, (network) =>
    createServer(bench, plan, { resource, revision, network }),
  );
  const { ports } = await engine.containers.state(id);
  const { host, port } = ports[server.port] ?? { host: '127.0.0.1', port: 0 };
  try {
    await untilHealthy({
      origin: `http://${host}:${port}`,
      where: `port ${server.port} of the container`,
      hasFunctions: true,
      limitMs: START_LIMIT_MS,
      isHealthy: (status) => server.probe.healthy === 'answer' || status === 200,
      ended: () => endOf(bench, id),
    });
  } catch (error) {
    if (!(error instanceof NotHealthy)) throw error;
    const termination = await readTermination(engine, id, TERMINATION_LOG);
    throw serverFailed(plan.name, error, { termination, ...(await engine.containers.logs(id)) });
  }
  await engine.containers.restartFromNowOn(id);
  return { revision, host: revisionName(plan, revision), port: server.port };
}

function createServer(
  { engine }: Workbench,
  plan: FunctionPlan,
  {
    resource,
    revision,
    network,
  }: { resource: FunctionResource; revision: string; network: string },
): Promise<string> {
  const { server, files } = plan;
  const name = revisionName(plan, revision);
  const { function: _content, ...spec } = resource.spec;
  return engine.containers.create({
    image: server.image,
    name,
    labels: {
      ...plan.labels,
      ...labelsOf(plan, 'server', revision),
      [LABELS.probe]: server.probe.healthy,
      [LABELS.port]: String(server.port),
      [LABELS.resource]: JSON.stringify({ ...resource, spec }),
    },
    env: {
      KUBELESS_TERMINATION_LOG: TERMINATION_LOG,
      ...server.env,
    },
    user: server.user,
    publish: [server.port],
    volumes: [
      ...(files.length > 0 ? [{ name, path: FUNCTION_FOLDER, readOnly: server.confined }] : []),
      { name: `${name}.support`, path: SUPPORT_FOLDER },
    ],
    network,
    ...server.limits,
    ...(server.confined ? { ...CONFINED, tmpfs: TMP } : {}),
  });
}

async function endOf({ engine }: Workbench, id: string): Promise<string | undefined> {
  const { running, exitCode, outOfMemory } = await engine.containers.state(id);
  if (running) return undefined;
  return outOfMemory ? 'it ran out of memory' : `exit code ${exitCode}`;
}
