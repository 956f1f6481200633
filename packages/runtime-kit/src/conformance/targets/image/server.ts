import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../engine/index.js';
import { TooLate } from '../../testing/expect.js';
import { type Answer, type FetchOptions, fetchFrom } from '../../testing/http.js';
import { RawSocket } from '../../testing/socket.js';
import type { Exit, Logs, ProcessFacts, Server } from '../target.js';
import { readTermination } from './termination.js';

const NANOSECONDS = 1e9;

/** A started container. */
export class ContainerServer implements Server {
  constructor(
    private readonly engine: Engine,
    private readonly id: string,
    readonly host: string,
    readonly port: number,
    private readonly terminationLog: string | undefined,
  ) {}

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
    return this.terminationLog === undefined
      ? ''
      : readTermination(this.engine, this.id, this.terminationLog);
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
    return this.engine.containers.remove(this.id);
  }
}
