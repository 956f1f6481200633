import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFINED } from '../../conformance/targets/image/confinement.js';
import type { Engine, FileEntry } from '../../engine/index.js';
import { readFiles, reasonOf, statusOf } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { FrontState, Upstream } from '../front/forward.js';
import { type FunctionName, frontName, LABELS, labelsOf } from './labels.js';
import { startIn } from './network.js';
import type { Workbench } from './workbench.js';

const FOLDER = '/front';
const PORT = 8080;
const USER = 1000;
const MIB = 2 ** 20;
/** Where clusters have the ports that they open on their machines. */
const PORTS = { first: 30_000, last: 32_767 };
const TRIES = 20;
const TAKEN = 409;
const TURN_LIMIT_MS = 10_000;
const TELL_AGAIN_MS = 1000;
const POLL_MS = 30;

/**
 * Claims a function's name and its port of the engine's machine: the front holds both as long as the function
 * is there. Returns the container's id.
 *
 * @param port any free one of those that clusters open if undefined.
 * @throws RuntimeKitError FUNCTION_EXISTS, PORT_TAKEN
 */
export async function openFront(
  { engine, front }: Workbench,
  name: FunctionName,
  port: number | undefined,
): Promise<string> {
  await engine.images.require(front.image).catch((cause: unknown) => {
    throw frontMissing(front.image, cause);
  });
  const files = await programFiles();
  for (let attempt = 1; ; attempt++) {
    const wanted = port ?? randomInt(PORTS.first, PORTS.last + 1);
    try {
      return await startIn(engine, (network) =>
        createFront({ engine, front }, name, { port: wanted, network, files }),
      );
    } catch (error) {
      if (statusOf(error) === TAKEN) throw nameTaken(name);
      if (!isPortTaken(error)) throw error;
      if (port !== undefined || attempt === TRIES) throw await portTaken(engine, wanted, error);
    }
  }
}

async function createFront(
  { engine, front }: Pick<Workbench, 'engine' | 'front'>,
  name: FunctionName,
  { port, network, files }: { port: number; network: string; files: FileEntry[] },
): Promise<string> {
  const [entrypoint = '', ...rest] = front.command;
  const id = await engine.containers.create({
    image: front.image,
    name: frontName(name),
    labels: { ...labelsOf(name, 'front'), [LABELS.port]: String(port) },
    entrypoint: [entrypoint],
    command: [...rest, `${FOLDER}/main.js`],
    workingDir: '/',
    user: String(USER),
    publishAt: { [PORT]: port },
    network,
    restarts: true,
    memoryBytes: 256 * MIB,
    ...CONFINED,
    // The engine writes targets into it, which it does not where the root is read-only.
    readOnlyRoot: false,
  });
  await engine.containers.putFiles(id, '/', files);
  return id;
}

/**
 * Gives a front another server, and waits until calls go there, or went there until the next update. Told again
 * where another update told it something else at the same moment.
 */
export async function turnFront(engine: Engine, front: string, upstream: Upstream): Promise<void> {
  const { revision } = upstream;
  const end = Date.now() + TURN_LIMIT_MS;
  while (Date.now() < end) {
    await engine.containers.putFiles(front, FOLDER, [
      { path: 'target.json', content: JSON.stringify(upstream) },
    ]);
    await engine.containers.kill(front, 'SIGHUP');
    const isTurned = await untilState(
      engine,
      front,
      TELL_AGAIN_MS,
      (is) => is.revision === revision || is.left.includes(revision),
    );
    if (isTurned) return;
  }
  throw await notTurned(engine, front);
}

/** Waits until no call is left with earlier servers, or the time is over, or nobody wants to wait any more. */
export async function untilLeft(
  engine: Engine,
  front: string,
  { limitMs, signal }: { limitMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  await untilState(
    engine,
    front,
    limitMs,
    ({ leaving }) => leaving === 0 || signal?.aborted === true,
  );
}

async function untilState(
  engine: Engine,
  front: string,
  limitMs: number,
  isIt: (state: FrontState) => boolean,
): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (true) {
    const state = await frontState(engine, front);
    if (state && isIt(state)) return true;
    if (Date.now() > end) return false;
    await sleep(POLL_MS);
  }
}

/** Undefined while it is being written. */
export async function frontState(engine: Engine, front: string): Promise<FrontState | undefined> {
  const files = await readFiles(engine, front, `${FOLDER}/state.json`);
  try {
    return JSON.parse(files.get('state.json')?.toString() ?? '') as FrontState;
  } catch {
    return undefined;
  }
}

async function programFiles(): Promise<FileEntry[]> {
  const programs = await Promise.all(
    ['main.js', 'forward.js'].map(async (path) => ({
      path,
      content: await readFile(new URL(`../front/${path}`, import.meta.url)),
    })),
  );
  const files: FileEntry[] = [
    ...programs,
    { path: 'package.json', content: '{"type":"module"}' },
    { path: 'target.json', content: 'null' },
    { path: 'state.json', content: '{"revision":null,"leaving":0,"left":[]}', uid: USER },
  ];
  return files.map((file) => ({ ...file, path: `${FOLDER.slice(1)}/${file.path}` }));
}

function frontMissing(image: string, cause: unknown): unknown {
  if (!(cause instanceof RuntimeKitError) || cause.code !== 'IMAGE_NOT_FOUND') return cause;
  return new RuntimeKitError('IMAGE_NOT_FOUND', cause.message, {
    hint: `every function needs ${image} for the front that keeps its port: \`scripts/up\` builds it`,
    cause,
  });
}

/** Engines have no code for it. */
function isPortTaken(error: unknown): boolean {
  return /port is already allocated|address already in use/.test(reasonOf(error));
}

async function portTaken(engine: Engine, port: number, cause: unknown): Promise<RuntimeKitError> {
  const fronts = await engine.containers.list([`${LABELS.port}=${port}`]);
  const owner = fronts[0]?.labels[LABELS.function];
  const by = owner === undefined ? 'another program' : `the function ${owner}`;
  return new RuntimeKitError('PORT_TAKEN', `port ${port} is taken by ${by}`, {
    hint: 'give another by --servicePort, or leave it out for a free one',
    cause,
  });
}

function nameTaken({ name, namespace }: FunctionName): RuntimeKitError {
  const where = namespace === 'default' ? '' : ` --namespace ${namespace}`;
  return new RuntimeKitError('FUNCTION_EXISTS', `there is a function ${name} already`, {
    hint: `change it by \`kubeless function update ${name}${where}\`, or delete it first: \`kubeless function delete ${name}${where}\``,
  });
}

async function notTurned(engine: Engine, front: string): Promise<RuntimeKitError> {
  const { stdout, stderr } = await engine.containers.logs(front, { tail: 5 });
  return new RuntimeKitError(
    'ENGINE_FAILED',
    `the front of the function does not take its new server: ${(stdout + stderr).trim() || '(it says nothing)'}`,
    { hint: 'deploy the function again' },
  );
}
