import { availableParallelism } from 'node:os';
import type { PhaseMirrors } from '../../../catalog/index.js';
import { connectEngine, type Engine } from '../../../engine/index.js';
import { TooLate } from '../../testing/expect.js';
import { Gate } from '../gate.js';
import { NotHealthy, untilHealthy } from '../health.js';
import type {
  FailedStart,
  ImageEntry,
  ImageFacts,
  Lifetime,
  PhaseResult,
  Prepared,
  RuntimeFacts,
  StartOptions,
  Target,
} from '../target.js';
import { imageEntries } from './entries.js';
import { FunctionVolumes } from './functions.js';
import { Launcher, portOf } from './launcher.js';
import { RunRegistry } from './private-registry.js';
import { Sandboxes } from './sandboxes.js';
import type { ContainerServer } from './server.js';
import { RunVolumes } from './volumes.js';

export interface ImageDescription {
  kind: 'image';
  /** Id of the runtime image. */
  image: string;
  user: string;
  labels: Record<string, string>;
  sizeBytes: number;
  /** Id of the image in which phases run; undefined where there is none. */
  buildImage: string | undefined;
  runtime: RuntimeFacts | undefined;
  trustedCa: string | undefined;
  /** What phases download from. */
  mirrors?: PhaseMirrors | undefined;
}

/** The engine itself takes its time to start and end a container on a busy machine. */
const ENGINE_SLACK = 4;

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
  /** A start keeps a processor busy; more at a time only makes each of them late. */
  private readonly starts = new Gate(availableParallelism());
  private readonly functions: FunctionVolumes;
  private readonly launcher: Launcher;
  private entries: Promise<ImageEntry[]> | undefined;
  private registry: Promise<RunRegistry> | undefined;

  constructor(
    private readonly description: ImageDescription,
    private readonly engine: Engine,
    runId: string,
  ) {
    const { image, buildImage, user, labels, sizeBytes, trustedCa } = description;
    this.volumes = new RunVolumes(engine, runId, image, trustedCa);
    const sandboxes =
      buildImage === undefined ? undefined : new Sandboxes(engine, buildImage, this.volumes.labels);
    this.launcher = new Launcher(engine, this.volumes, description, sandboxes);
    this.functions = new FunctionVolumes(engine, this.volumes, description, sandboxes);
    this.image = {
      id: image,
      user,
      labels,
      sizeBytes,
      entries: () => {
        this.entries ??= imageEntries(engine, image, runId);
        return this.entries;
      },
    };
  }

  get runtime(): RuntimeFacts | undefined {
    return this.description.runtime;
  }

  async start(options: StartOptions, lifetime: Lifetime = 'run'): Promise<ContainerServer> {
    const volume = await this.readyVolume(options);
    return this.starts.run(async () => {
      const server = await this.launcher.launch(volume, options, { lifetime });
      try {
        await this.untilHealthy(server, options);
        return server;
      } catch (error) {
        await server.stop();
        throw error;
      }
    });
  }

  async launch(options: StartOptions): Promise<ContainerServer> {
    const volume = await this.readyVolume(options);
    return this.launcher.launch(volume, options, { lifetime: 'case' });
  }

  async startFailing(options: StartOptions, withinMs: number): Promise<FailedStart> {
    const { name, phases } = await this.functions.of(options);
    const failed = phases.find(({ code }) => code !== 0);
    return failed ?? this.runFailing(name, options, withinMs);
  }

  async prepared(options: StartOptions): Promise<Prepared> {
    const volume = await this.functions.of(options);
    return {
      phases: volume.phases,
      added: () => this.functions.addedTo(volume, options),
      startFailing: (withinMs) => this.runFailing(volume.name, options, withinMs),
    };
  }

  privateRegistry(): Promise<RunRegistry> {
    this.registry ??= this.openRegistry();
    return this.registry;
  }

  async runPhases(options: StartOptions): Promise<PhaseResult[]> {
    const { phases } = await this.functions.make(options);
    return phases;
  }

  async close(): Promise<void> {
    const registry = this.registry?.then((open) => open.close());
    await Promise.allSettled([this.functions.remove(), registry]);
  }

  private runFailing(
    volume: string,
    options: StartOptions,
    withinMs: number,
  ): Promise<FailedStart> {
    return this.starts.run(async () => {
      const server = await this.launcher.launch(volume, options, {
        lifetime: 'case',
        expectsEnd: true,
      });
      try {
        const { code } = await server.exit(withinMs * ENGINE_SLACK);
        const durationMs = await server.lifetimeMs();
        if (durationMs > withinMs)
          throw new TooLate(
            `the container ended after ${durationMs} ms, not within ${withinMs} ms`,
          );
        const termination = await server.termination();
        return { step: 'server', code, durationMs, termination, ...(await server.log()) };
      } finally {
        await server.stop();
      }
    });
  }

  private async untilHealthy(server: ContainerServer, options: StartOptions): Promise<void> {
    try {
      await untilHealthy({
        origin: server.origin,
        where: `port ${portOf(options)} of the container`,
        hasFunctions: this.runtime !== undefined,
        ended: () => endOf(server),
      });
    } catch (error) {
      if (!(error instanceof NotHealthy)) throw error;
      const { stdout, stderr } = await server.log();
      const log = lastLines(stdout + stderr) || '(nothing)';
      throw new NotHealthy(`${error.message}\n\nlog of the server:\n${log}`, error.tooSlow);
    }
  }

  /** @throws Error with the output of the phase that failed. */
  private async readyVolume(options: StartOptions): Promise<string> {
    const { name, phases } = await this.functions.of(options);
    const failed = phases.find(({ code }) => code !== 0);
    if (!failed) return name;
    const { step, code, stdout, stderr } = failed;
    throw new Error(`${step} failed with ${code}:\n${stdout}${stderr}`);
  }

  private async openRegistry(): Promise<RunRegistry> {
    const { engine, volumes } = this;
    const { runtime, buildImage } = this.description;
    const facts = runtime?.privateRegistry;
    if (!runtime || !facts)
      throw new Error(
        'conformance.privateRegistry in runtime.yaml does not say how the installation is told about a registry',
      );
    if (buildImage === undefined)
      throw new Error('there is no image for the phases: build it, or name one by --build-image');
    const { labels } = volumes;
    const name = volumes.newName();
    return RunRegistry.open({ engine, runtime, facts, image: buildImage, name, labels });
  }
}

async function endOf(server: ContainerServer): Promise<string | undefined> {
  const code = await server.exitCode();
  return code === undefined ? undefined : `exit code ${code}`;
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
