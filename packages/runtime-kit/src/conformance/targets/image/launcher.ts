import type { Engine } from '../../../engine/index.js';
import { serverEnvironment } from '../environment.js';
import type { Lifetime, RuntimeFacts, StartOptions } from '../target.js';
import { CONFINED, TMP } from './confinement.js';
import { networkOf, type Sandbox, type Sandboxes, SERVER_PORT } from './sandboxes.js';
import { ContainerServer } from './server.js';
import { FUNCTION_FOLDER, type RunVolumes, SUPPORT_FOLDER } from './volumes.js';

const MIB = 2 ** 20;

export interface LaunchedImage {
  /** Id of the runtime image. */
  image: string;
  runtime: RuntimeFacts | undefined;
}

export interface Launch {
  lifetime: Lifetime;
  /** Whether it gets a termination log. */
  expectsEnd?: boolean;
}

/** What a container is made with beside its options. */
interface Place {
  port: number;
  sandbox: Sandbox | undefined;
  support: { volume: string; terminationLog: string } | undefined;
}

/** Starts servers as containers. */
export class Launcher {
  constructor(
    private readonly engine: Engine,
    private readonly volumes: RunVolumes,
    private readonly image: LaunchedImage,
    /** Without them each server makes a network of its own. */
    private readonly sandboxes: Sandboxes | undefined,
  ) {}

  async launch(
    volume: string,
    options: StartOptions,
    { lifetime, expectsEnd = false }: Launch,
  ): Promise<ContainerServer> {
    const support = expectsEnd ? await this.volumes.support() : undefined;
    const port = portOf(options);
    const takesSandbox = lifetime === 'case' && port === SERVER_PORT;
    const sandbox = takesSandbox ? await this.sandboxes?.take() : undefined;
    const giveBack = (): void => {
      if (sandbox) this.sandboxes?.give(sandbox);
    };
    try {
      return await this.start(volume, options, { port, support, sandbox }, giveBack);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  private async start(
    volume: string,
    options: StartOptions,
    place: Place,
    onStopped: () => void,
  ): Promise<ContainerServer> {
    const { containers } = this.engine;
    const id = await this.create(volume, options, place);
    try {
      await containers.start(id);
      const address = place.sandbox ?? (await containers.state(id)).ports[place.port];
      const { host = '127.0.0.1', port = 0 } = address ?? {};
      const terminationLog = place.support?.terminationLog;
      return new ContainerServer(this.engine, { id, host, port, terminationLog, onStopped });
    } catch (error) {
      await containers.remove(id);
      throw error;
    }
  }

  private create(
    volume: string,
    options: StartOptions,
    { port, sandbox, support }: Place,
  ): Promise<string> {
    const { user, hardened = false, memoryMiB, cpus } = options.container ?? {};
    const platform = support ? { KUBELESS_TERMINATION_LOG: support.terminationLog } : {};
    return this.engine.containers.create({
      image: this.image.image,
      labels: this.volumes.labels,
      env: serverEnvironment(this.image.runtime, FUNCTION_FOLDER, platform, options),
      ...(sandbox ? { network: networkOf(sandbox) } : { publish: [port] }),
      volumes: [
        ...(volume === '' ? [] : [{ name: volume, path: FUNCTION_FOLDER, readOnly: true }]),
        ...(support ? [{ name: support.volume, path: SUPPORT_FOLDER }] : []),
      ],
      ...(user === undefined ? {} : { user }),
      ...(memoryMiB === undefined ? {} : { memoryBytes: memoryMiB * MIB }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(hardened ? { ...CONFINED, tmpfs: TMP } : {}),
    });
  }
}

/** FUNC_PORT where it is a port; a bad one is for the server to refuse. */
export function portOf({ env = {} }: StartOptions): number {
  const asked = Number(env.FUNC_PORT);
  return Number.isInteger(asked) && asked > 0 && asked < 65_536 ? asked : SERVER_PORT;
}
