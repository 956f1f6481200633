import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { contextFlags } from '../async-context.js';
import { STALLED, type ToSupervisor, type ToWorker, WATCHDOG_FD } from '../messages.js';
import type { BoundSocket } from './listening-socket.js';

const PROGRAM = fileURLToPath(new URL('./worker.js', import.meta.url));

interface Events {
  message: [ToSupervisor];
  /** Its event loop is held up, or runs again. */
  stall: [];
  /** It is gone; the argument says how, for people. */
  exit: [how: string];
}

/** One worker as the supervisor sees it. */
export class WorkerProcess extends EventEmitter<Events> {
  state: 'loading' | 'listening' | 'stopping' = 'loading';
  stalled = false;
  readonly #child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv) {
    super();
    this.#child = fork(PROGRAM, [], {
      env,
      execArgv: [...process.execArgv, ...contextFlags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    this.#child.on('message', (message) => this.emit('message', message as ToSupervisor));
    this.#child.once('exit', (code, signal) =>
      this.emit('exit', signal ? `by ${signal}` : `with code ${code}`),
    );
    const watchdog = this.#child.stdio[WATCHDOG_FD] as Readable | null;
    watchdog?.on('data', (report: Buffer) => {
      this.stalled = report.at(-1) === STALLED.charCodeAt(0);
      this.emit('stall');
    });
    watchdog?.on('error', () => {}); // it ends with its process
  }

  send(message: ToWorker, socket?: BoundSocket): void {
    if (this.#child.connected)
      this.#child.send(message, socket as unknown as Parameters<ChildProcess['send']>[1], () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
