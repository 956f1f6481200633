import { connectEngine, type Engine } from '../../../engine/index.js';
import { serverEnvironment } from '../environment.js';
import { untilHealthy } from '../health.js';
import type {
  FailedStart,
  ImageEntry,
  ImageFacts,
  PhaseResult,
  RuntimeFacts,
  StartOptions,
  Target,
} from '../target.js';
import { imageEntries } from './entries.js';
import { runPhases } from './phases.js';
import { ContainerServer } from './server.js';
import { FUNCTION_FOLDER, RunVolumes, SUPPORT_FOLDER, TERMINATION_LOG } from './volumes.js';

export interface ImageDescription {
  kind: 'image';
  /** Id of the runtime image. */
  image: string;
  user: string;
  labels: Record<string, string>;
  /** Id of the image in which phases run; undefined where there is none. */
  buildImage: string | undefined;
  runtime: RuntimeFacts | undefined;
  trustedCa: string | undefined;
}

const PORT = 8080;
const MIB = 2 ** 20;

interface FunctionVolume {
  name: string;
  phases: PhaseResult[];
}

export async function openImageTarget(
  description: ImageDescription,
  runId: string,
): Promise<ImageTarget> {
  return new ImageTarget(description, await connectEngine(), runId);
}

/** Servers as containers of an image. */
export class ImageTarget implements Target {
  readonly image: ImageFacts;
  private readonly volumes: RunVolumes;
  private readonly functions = new Map<string, Promise<FunctionVolume>>();
  private entries: Promise<ImageEntry[]> | undefined;

  constructor(
    private readonly description: ImageDescription,
    private readonly engine: Engine,
    runId: string,
  ) {
    const { image, user, labels } = description;
    this.volumes = new RunVolumes(engine, runId, image);
    this.image = {
      id: image,
      user,
      labels,
      entries: () => {
        this.entries ??= imageEntries(engine, image, runId);
        return this.entries;
      },
    };
  }

  get runtime(): RuntimeFacts | undefined {
    return this.description.runtime;
  }

  async start(options: StartOptions): Promise<ContainerServer> {
    const server = await this.launch(options);
    try {
      const where = `port ${portOf(options)} of the container`;
      await untilHealthy(server.origin, where, () => endOf(server)).catch(async (error: Error) => {
        const { stdout, stderr } = await server.log();
        error.message += `\n\nlog of the server:\n${lastLines(stdout + stderr) || '(nothing)'}`;
        throw error;
      });
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async launch(options: StartOptions): Promise<ContainerServer> {
    const { name, phases } = await this.functionVolume(options);
    const failed = phases.find(({ code }) => code !== 0);
    if (failed)
      throw new Error(
        `${failed.step} failed with ${failed.code}:\n${failed.stdout}${failed.stderr}`,
      );
    return this.run(name, options, false);
  }

  async startFailing(options: StartOptions, withinMs: number): Promise<FailedStart> {
    const { name, phases } = await this.functionVolume(options);
    const failed = phases.find(({ code }) => code !== 0);
    if (failed) return failed;
    const started = Date.now();
    const server = await this.run(name, options, true);
    try {
      const { code } = await server.exit(withinMs);
      const durationMs = Date.now() - started;
      const termination = await server.termination();
      return { step: 'server', code, durationMs, termination, ...(await server.log()) };
    } finally {
      await server.stop();
    }
  }

  async runPhases(options: StartOptions): Promise<PhaseResult[]> {
    const { phases } = await this.makeVolume(options);
    return phases;
  }

  async close(): Promise<void> {
    const made = await Promise.allSettled(this.functions.values());
    const names = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.name] : []));
    await Promise.allSettled(names.map((name) => this.engine.volumes.remove(name)));
  }

  private async run(
    volume: string,
    options: StartOptions,
    expectsEnd: boolean,
  ): Promise<ContainerServer> {
    const { user, hardened = false, memoryMiB, cpus } = options.container ?? {};
    const support = expectsEnd ? await this.volumes.ofSupport(undefined) : undefined;
    const port = portOf(options);
    const platform = support === undefined ? {} : { KUBELESS_TERMINATION_LOG: TERMINATION_LOG };
    const id = await this.engine.containers.create({
      image: this.description.image,
      labels: this.volumes.labels,
      env: serverEnvironment(this.runtime, FUNCTION_FOLDER, platform, options),
      publish: [port],
      volumes: [
        ...(volume === '' ? [] : [{ name: volume, path: FUNCTION_FOLDER, readOnly: true }]),
        ...(support === undefined ? [] : [{ name: support, path: SUPPORT_FOLDER }]),
      ],
      ...(user === undefined ? {} : { user }),
      ...(memoryMiB === undefined ? {} : { memoryBytes: memoryMiB * MIB }),
      ...(cpus === undefined ? {} : { cpus }),
      readOnlyRoot: hardened,
      dropCapabilities: hardened,
      noNewPrivileges: hardened,
      ...(hardened ? { tmpfs: { '/tmp': 'rw,nosuid,nodev,mode=1777,size=64m' } } : {}),
    });
    await this.engine.containers.start(id);
    const { ports } = await this.engine.containers.state(id);
    const published = ports[port];
    return new ContainerServer(
      this.engine,
      id,
      published?.host ?? '127.0.0.1',
      published?.port ?? 0,
      support !== undefined,
    );
  }

  /** One volume for all servers of the same function; phases have run on it. */
  private functionVolume(options: StartOptions): Promise<FunctionVolume> {
    const { fixture, layout, files, env = {} } = options;
    const compiles = this.runtime?.phases.compilation !== undefined;
    const key = JSON.stringify(
      compiles
        ? [fixture, layout, files, env['MOD_NAME'], env['FUNC_HANDLER']]
        : [fixture, layout, files],
    );
    const known = this.functions.get(key);
    if (known) return known;
    const made = this.makeVolume(options);
    this.functions.set(key, made);
    return made;
  }

  private async makeVolume(options: StartOptions): Promise<FunctionVolume> {
    const { runtime, buildImage, trustedCa } = this.description;
    if (!runtime) return { name: '', phases: [] };
    const name = await this.volumes.ofFunction(runtime, options);
    if (buildImage === undefined) return { name, phases: [] };
    const { engine, volumes } = this;
    const phases = await runPhases(
      { engine, volumes, image: buildImage, runtime, trustedCa },
      name,
      options,
    );
    return { name, phases };
  }
}

function portOf({ env = {} }: StartOptions): number {
  return Number(env['FUNC_PORT']) || PORT;
}

async function endOf(server: ContainerServer): Promise<string | undefined> {
  const code = await server.exitCode();
  return code === undefined ? undefined : `exit code ${code}`;
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
