import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { contextFlags } from '../async-context.js';
import {
  type Envelope,
  STALLED,
  type ToSupervisor,
  type ToWorker,
  unwrap,
  WATCHDOG_FD,
  WORN,
} from '../messages.js';
import { CountsFile } from './counts-file.js';
import type { BoundSocket } from './listening-socket.js';

const PROGRAM = fileURLToPath(new URL('./worker.js', import.meta.url));

interface Events {
  message: [ToSupervisor];
  /** Its event loop is held up, or runs again. */
  stall: [];
  /** It should be replaced, and serves until then. */
  worn: [];
  /** It is gone; the argument says how, for people. */
  exit: [how: string];
}

/** One worker as the supervisor sees it. A leaving one serves until there is another in its place. */
export class WorkerProcess extends EventEmitter<Events> {
  state: 'loading' | 'listening' | 'leaving' | 'stopping' = 'loading';
  listeningSince = Number.POSITIVE_INFINITY;
  stalled = false;
  readonly counts = new CountsFile();
  readonly #child: ChildProcess;
  readonly #longestStallMs: number;
  #stallTimer: NodeJS.Timeout | undefined;

  /**
   * @param options of Node.js, beside those of this process
   * @param longestStallMs after which not even its watchdog can be alive: it is killed
   */
  constructor(env: NodeJS.ProcessEnv, options: readonly string[], longestStallMs: number) {
    super();
    this.#longestStallMs = longestStallMs;
    this.#child = fork(PROGRAM, [], {
      env,
      execArgv: [...process.execArgv, ...contextFlags, ...options],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe', this.counts.fd, 1, 2],
      detached: true, // the head of a process group: what the function starts ends with it
    });
    this.#child.on('message', (received) => {
      const message = unwrap<ToSupervisor>(received);
      if (message) this.emit('message', message);
    });
    this.#child.once('exit', (code, signal) =>
      this.#leave(signal ? `by ${signal}` : `with code ${code}`),
    );
    const watchdog = this.#child.stdio[WATCHDOG_FD] as Readable | null;
    watchdog?.on('data', (reports: Buffer) => {
      for (const report of reports.toString()) this.#hear(report);
    });
    watchdog?.on('error', () => {}); // it ends with its process
  }

  send(message: ToWorker, socket?: BoundSocket): void {
    if (!this.#child.connected) return;
    const envelope: Envelope<ToWorker> = { 'runtime-kit': message };
    this.#child.send(envelope, socket as unknown as Parameters<ChildProcess['send']>[1], () => {});
  }

  /** @param withinMs after which it ends what still runs; undefined gives every call its full time */
  stop(withinMs?: number): void {
    this.state = 'stopping';
    this.send({ type: 'stop', withinMs });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #hear(report: string): void {
    if (report === WORN) {
      this.emit('worn');
      return;
    }
    this.stalled = report === STALLED;
    clearTimeout(this.#stallTimer);
    if (this.stalled)
      this.#stallTimer = setTimeout(() => this.kill(), this.#longestStallMs).unref();
    this.emit('stall');
  }

  /** What it reported last may still be on its way. */
  #leave(how: string): void {
    clearTimeout(this.#stallTimer);
    this.#killGroup();
    if (this.#child.connected) this.#child.once('disconnect', () => this.emit('exit', how));
    else this.emit('exit', how);
  }

  /** Nobody else would end the processes that a dead worker's function has started. */
  #killGroup(): void {
    try {
      if (this.#child.pid) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // there are none
    }
  }
}
