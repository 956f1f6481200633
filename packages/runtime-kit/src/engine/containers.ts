import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { createBody, RESTARTS, stateOf, summaryOf, usageOf } from './container-body.js';
import { packFiles } from './files.js';
import { splitLog } from './log-frames.js';
import { statusOf } from './status.js';
import type {
  ContainerOptions,
  ContainerState,
  ContainerSummary,
  ContainerUsage,
  FileEntry,
  Logs,
} from './types.js';

export class Containers {
  constructor(private readonly docker: Docker) {}

  /** Creates, without starting it; returns the id. */
  async create(options: ContainerOptions): Promise<string> {
    const container = await this.docker.createContainer(createBody(options));
    return container.id;
  }

  async start(id: string): Promise<void> {
    await this.docker.getContainer(id).start();
  }

  /** Sends a signal; nothing happens where the container has ended. */
  async kill(id: string, signal = 'SIGKILL'): Promise<void> {
    try {
      await this.docker.getContainer(id).kill({ signal });
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 404) throw error;
    }
  }

  /** Waits for the end; returns the exit code. */
  async wait(id: string): Promise<number> {
    const { StatusCode } = await this.docker.getContainer(id).wait();
    return StatusCode;
  }

  async state(id: string): Promise<ContainerState> {
    return stateOf(await this.docker.getContainer(id).inspect());
  }

  /** What it printed so far. */
  async logs(id: string, { tail }: { tail?: number } = {}): Promise<Logs> {
    const raw = await this.docker.getContainer(id).logs({
      stdout: true,
      stderr: true,
      follow: false,
      ...(tail === undefined ? {} : { tail }),
    });
    return splitLog(raw as unknown as Buffer);
  }

  /** Writes what it prints, from the last `tail` lines on, until it ends or the signal aborts. */
  async followLogs(
    id: string,
    { stdout, stderr }: { stdout: Writable; stderr: Writable },
    { tail, signal }: { tail?: number; signal?: AbortSignal } = {},
  ): Promise<void> {
    const stream = await this.docker.getContainer(id).logs({
      stdout: true,
      stderr: true,
      follow: true,
      ...(tail === undefined ? {} : { tail }),
      ...(signal ? { abortSignal: signal } : {}),
    });
    this.docker.modem.demuxStream(stream, stdout, stderr);
    await finished(stream as NodeJS.ReadableStream).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  }

  /** From now on the engine starts it again when it ends. */
  async restartFromNowOn(id: string): Promise<void> {
    await this.docker.getContainer(id).update({ RestartPolicy: RESTARTS });
  }

  /** Asks it to end, and ends it after so many seconds. */
  async stop(id: string, withinSeconds: number): Promise<void> {
    try {
      await this.docker.getContainer(id).stop({ t: withinSeconds });
    } catch (error) {
      // 304: it has ended already.
      if (statusOf(error) !== 304 && statusOf(error) !== 404) throw error;
    }
  }

  /** Writes files under `folder`, also into a container that was not started yet. */
  async putFiles(id: string, folder: string, files: FileEntry[]): Promise<void> {
    await this.docker.getContainer(id).putArchive(packFiles(files), { path: folder });
  }

  /** A file or folder as tar. */
  async getArchive(id: string, path: string): Promise<NodeJS.ReadableStream> {
    return this.docker.getContainer(id).getArchive({ path });
  }

  /** The whole file system as tar, volumes left out. */
  async export(id: string): Promise<NodeJS.ReadableStream> {
    return this.docker.getContainer(id).export();
  }

  /** One sample of the engine's own accounting. */
  async usage(id: string): Promise<ContainerUsage> {
    return usageOf(await this.docker.getContainer(id).stats({ stream: false, 'one-shot': true }));
  }

  /** `ps` inside, by the engine: a row a process, a cell a column. */
  async processes(id: string): Promise<{ titles: string[]; rows: string[][] }> {
    const top = await this.docker.getContainer(id).top();
    return { titles: top.Titles ?? [], rows: top.Processes ?? [] };
  }

  /** Removes it, running or not, with its anonymous volumes. */
  async remove(id: string): Promise<void> {
    try {
      await this.docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      // 409: somebody else is removing it right now.
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    }
  }

  /** Ids of the containers, ended ones too, that carry a label (`name` or `name=value`). */
  async withLabel(label: string): Promise<string[]> {
    return (await this.list([label])).map(({ id }) => id);
  }

  /** The containers, ended ones too, that carry all of these labels (`name` or `name=value`). */
  async list(labels: string[]): Promise<ContainerSummary[]> {
    const found = await this.docker.listContainers({
      all: true,
      filters: JSON.stringify({ label: labels }),
    });
    return found.map(summaryOf);
  }

  /**
   * Runs a command to its end in a fresh container of the options, with `files` laid under its root
   * before it starts; the container is removed.
   */
  async run(
    options: ContainerOptions,
    files: FileEntry[] = [],
  ): Promise<Logs & { exitCode: number }> {
    const id = await this.create(options);
    try {
      if (files.length > 0) await this.putFiles(id, '/', files);
      await this.start(id);
      const exitCode = await this.wait(id);
      return { exitCode, ...(await this.logs(id)) };
    } finally {
      await this.remove(id);
    }
  }
}
