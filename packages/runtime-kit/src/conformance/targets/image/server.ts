import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../engine/index.js';
import { TooLate } from '../../testing/expect.js';
import { type Answer, type FetchOptions, fetchFrom } from '../../testing/http.js';
import { RawSocket } from '../../testing/socket.js';
import type { Exit, Logs, ProcessFacts, Server } from '../target.js';
import { readTermination } from './termination.js';

const NANOSECONDS = 1e9;

export interface StartedContainer {
  id: string;
  /** Where its port is published. */
  host: string;
  port: number;
  /** Path of a file on one of its volumes; undefined where it has none. */
  terminationLog: string | undefined;
  onStopped: () => void;
}

/** A started container. */
export class ContainerServer implements Server {
  readonly host: string;
  readonly port: number;
  private readonly id: string;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly container: StartedContainer,
  ) {
    this.host = container.host;
    this.port = container.port;
    this.id = container.id;
  }

  get origin(): string {
    return `http://${this.host}:${this.port}`;
  }

  fetch(path: string, options?: FetchOptions): Promise<Answer> {
    return fetchFrom(this.origin, path, options);
  }

  raw(): Promise<RawSocket> {
    return RawSocket.open(this.host, this.port);
  }

  log(): Promise<Logs> {
    return this.engine.containers.logs(this.id);
  }

  signal(name: NodeJS.Signals): Promise<void> {
    return this.engine.containers.kill(this.id, name);
  }

  async exit(withinMs: number): Promise<Exit> {
    const ended = this.engine.containers.wait(this.id);
    const code = await Promise.race([ended, sleep(withinMs, undefined, { ref: false })]);
    if (code === undefined) throw new TooLate(`the container still runs after ${withinMs} ms`);
    const { outOfMemory } = await this.engine.containers.state(this.id);
    return { code, outOfMemory };
  }

  /** Undefined while it runs. */
  async exitCode(): Promise<number | undefined> {
    const { running, exitCode } = await this.engine.containers.state(this.id);
    return running ? undefined : exitCode;
  }

  /** From its start to its end, by the engine's clock. */
  async lifetimeMs(): Promise<number> {
    const { startedAt, finishedAt } = await this.engine.containers.state(this.id);
    return Date.parse(finishedAt) - Date.parse(startedAt);
  }

  async termination(): Promise<string> {
    const { terminationLog } = this.container;
    return terminationLog === undefined
      ? ''
      : readTermination(this.engine, this.id, terminationLog);
  }

  async processes(): Promise<ProcessFacts[]> {
    const { titles, rows } = await this.engine.containers.processes(this.id);
    const [pid = 0, parent = 0, command = 0] = ['PID', 'PPID', 'CMD'].map((title) =>
      titles.indexOf(title),
    );
    return rows.map((row) => ({
      pid: Number(row[pid]),
      parent: Number(row[parent]),
      zombie: row[command]?.includes('<defunct>') ?? false,
      command: row[command] ?? '',
    }));
  }

  async cpuSeconds(): Promise<number> {
    const { cpuNanoseconds } = await this.engine.containers.usage(this.id);
    return cpuNanoseconds / NANOSECONDS;
  }

  async memoryBytes(): Promise<number | undefined> {
    return (await this.engine.containers.usage(this.id)).workingSetBytes;
  }

  stop(): Promise<void> {
    this.stopped ??= this.remove();
    return this.stopped;
  }

  private async remove(): Promise<void> {
    await this.engine.containers.remove(this.id);
    this.container.onStopped();
  }
}
