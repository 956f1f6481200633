import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TooLate } from '../../testing/expect.js';
import { type Answer, type FetchOptions, fetchFrom } from '../../testing/http.js';
import { RawSocket } from '../../testing/socket.js';
import type { Exit, Logs, ProcessFacts, Server } from '../target.js';
import { memoryOf, processesOf } from './process-table.js';

const SIGNAL_BASE = 128;

export interface ProcessOptions {
  command: string;
  workingFolder: string;
  env: Record<string, string>;
  port: number;
  terminationLog: string;
  /** Folder in which running process groups are noted, for the clean-up of an interrupted run. */
  groups: string;
}

/** A local process in a group of its own. */
export class ProcessServer implements Server {
  readonly host = '127.0.0.1';
  private readonly output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  private readonly ended: Promise<number>;
  private readonly group: number;
  private code: number | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ProcessOptions,
  ) {
    this.group = child.pid as number;
    child.stdout?.on('data', (chunk) => this.output.stdout.push(chunk));
    child.stderr?.on('data', (chunk) => this.output.stderr.push(chunk));
    this.ended = new Promise((resolve) => {
      child.once('close', () => resolve(this.code ?? 0));
      child.once('exit', (code, signal) => {
        this.code = code ?? SIGNAL_BASE + signalNumber(signal);
        // A process left behind may hold the pipes open; the server itself has ended.
        setTimeout(() => resolve(this.code ?? 0), 200).unref();
      });
    });
  }

  static async start(options: ProcessOptions): Promise<ProcessServer> {
    // `exec`: the server itself gets the signals, not the shell that started it.
    const child = spawn(`exec ${options.command}`, {
      shell: true,
      cwd: options.workingFolder,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // It listens from here on: a process may have ended before its note is written.
    const server = new ProcessServer(child, options);
    await once(child, 'spawn');
    await writeFile(join(options.groups, String(child.pid)), '');
    return server;
  }

  get port(): number {
    return this.options.port;
  }

  get origin(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Undefined while it runs. */
  get exitCode(): number | undefined {
    return this.code;
  }

  fetch(path: string, options?: FetchOptions): Promise<Answer> {
    return fetchFrom(this.origin, path, options);
  }

  raw(): Promise<RawSocket> {
    return RawSocket.open(this.host, this.port);
  }

  async log(): Promise<Logs> {
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString();
    return { stdout: text(this.output.stdout), stderr: text(this.output.stderr) };
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    if (this.code === undefined) this.child.kill(name);
  }

  async exit(withinMs: number): Promise<Exit> {
    const code = await Promise.race([this.ended, sleep(withinMs, undefined, { ref: false })]);
    if (code === undefined) throw new TooLate(`the server still runs after ${withinMs} ms`);
    return { code, outOfMemory: false };
  }

  async termination(): Promise<string> {
    return readFile(this.options.terminationLog, 'utf8').catch(() => '');
  }

  async processes(): Promise<ProcessFacts[]> {
    return processesOf(this.group);
  }

  async cpuSeconds(): Promise<number> {
    const rows = await processesOf(this.group);
    return rows.reduce((sum, row) => sum + row.cpuSeconds, 0);
  }

  async memoryBytes(): Promise<number | undefined> {
    return memoryOf(await processesOf(this.group));
  }

  async stop(): Promise<void> {
    const left = await processesOf(this.group);
    killGroup(this.group);
    for (const { pid } of left) killProcess(pid);
    await this.ended;
    await rm(join(this.options.groups, String(this.group)), { force: true });
  }
}

/** Kills a process group; nothing happens where it has ended. */
export function killGroup(group: number): void {
  killProcess(-group);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  const numbers: Partial<Record<NodeJS.Signals, number>> = {
    SIGKILL: 9,
    SIGTERM: 15,
    SIGSEGV: 11,
    SIGABRT: 6,
  };
  return (signal && numbers[signal]) ?? 0;
}
