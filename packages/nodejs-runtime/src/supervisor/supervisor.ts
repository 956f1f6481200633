import type { Config } from '../config.js';
import type { LogError } from '../error-log.js';
import type { ToSupervisor } from '../messages.js';
import type { BoundSocket } from './listening-socket.js';
import { Scrapes } from './scrapes.js';
import { Totals } from './totals.js';
import { WorkerProcess } from './worker-process.js';

/** Workers beyond FUNC_WORKERS while all of them are held up, so that somebody answers the probes. */
const MOST_STAND_INS = 2;

/** A stand-in stays for a while: a function that blocks once blocks again. */
const STAND_IN_STAYS_MS = 30_000;

/** Before a replacement whose function could not be loaded is tried again. */
const RETRY_MS = 1000;

export interface SupervisorOptions {
  config: Config;
  socket: BoundSocket;
  workerEnv: NodeJS.ProcessEnv;
  logError: LogError;
  /** The server has ended: with no reason as it was told to, with one because it cannot serve. */
  onEnd: (reason?: string) => void;
}

/** Keeps the workers: starts, replaces and ends them, and holds what outlives them. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #totals = new Totals<WorkerProcess>();
  readonly #scrapes = new Scrapes(this.#totals);
  #surplusTimer: NodeJS.Timeout | undefined;
  #ending = false;
  #hasServed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#staff();
  }

  /** Drains, then stops: see process.signals of the contract. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    const { drainDelayMs } = this.#options.config;
    this.#tellAll({ type: 'drain' });
    setTimeout(() => this.#stopAll(), this.#hasServed ? drainDelayMs : 0);
  }

  #stopAll(): void {
    this.#options.socket.close();
    this.#tellAll({ type: 'stop' });
    for (const worker of this.#workers) if (worker.state === 'loading') worker.kill();
    setTimeout(() => {
      for (const worker of this.#workers) worker.kill();
    }, this.#options.config.shutdownTimeoutMs).unref();
    if (this.#workers.size === 0) this.#options.onEnd();
  }

  #active(): WorkerProcess[] {
    return [...this.#workers].filter((worker) => worker.state !== 'stopping');
  }

  /** Starts workers that are missing; more than configured where all are held up. */
  #staff(): void {
    if (this.#ending) return;
    const { workers: wanted } = this.#options.config;
    const active = this.#active();
    for (let missing = wanted - active.length; missing > 0; missing--) this.#hire();
    const allHeldUp = active.length >= wanted && active.every((worker) => worker.stalled);
    if (allHeldUp && active.length < wanted + MOST_STAND_INS) this.#hire();
    this.#watchSurplus();
  }

  /** Dismisses one stand-in after a time without any stall. */
  #watchSurplus(): void {
    clearTimeout(this.#surplusTimer);
    const active = this.#active();
    if (active.length <= this.#options.config.workers || active.some((w) => w.stalled)) return;
    this.#surplusTimer = setTimeout(() => {
      const newest = this.#active().at(-1);
      if (newest) {
        newest.state = 'stopping';
        newest.send({ type: 'stop' });
      }
      this.#watchSurplus();
    }, STAND_IN_STAYS_MS).unref();
  }

  #hire(): void {
    const worker = new WorkerProcess(this.#options.workerEnv);
    let reason: string | undefined;
    this.#workers.add(worker);
    worker.on('stall', () => this.#staff());
    worker.on('message', (message) => {
      if (message.type === 'unusable') reason = message.reason;
      else this.#receive(worker, message);
    });
    worker.once('exit', (how) => this.#lose(worker, how, reason));
  }

  #receive(worker: WorkerProcess, message: ToSupervisor): void {
    switch (message.type) {
      case 'loaded':
        if (!this.#ending) worker.send({ type: 'listen' }, this.#options.socket);
        break;
      case 'listening':
        worker.state = 'listening';
        this.#hasServed = true;
        if (this.#ending) worker.send({ type: 'drain' });
        break;
      case 'counts':
        this.#totals.report(worker, message.counts);
        break;
      case 'counted':
        this.#scrapes.counted(message.id);
        break;
      case 'scrape':
        this.#scrapes
          .page([...this.#workers].filter((other) => other.state !== 'loading'))
          .then((page) => worker.send({ type: 'page', id: message.id, page }));
        break;
    }
  }

  #lose(worker: WorkerProcess, how: string, reason: string | undefined): void {
    this.#workers.delete(worker);
    this.#totals.retire(worker);
    if (this.#ending) {
      if (this.#workers.size === 0) this.#options.onEnd();
      return;
    }
    if (worker.state === 'loading') {
      const text =
        reason ?? `runtime-kit: the function ended its process ${how} while it was loaded`;
      if (this.#active().some((other) => other.state === 'listening')) {
        this.#options.logError(text);
        setTimeout(() => this.#staff(), RETRY_MS);
      } else this.#giveUp(text);
      return;
    }
    if (worker.state === 'listening')
      this.#options.logError(`runtime-kit: a worker ended ${how}; it is replaced`);
    this.#staff();
  }

  #giveUp(reason: string): void {
    this.#ending = true;
    for (const worker of this.#workers) worker.kill();
    this.#options.onEnd(reason);
  }

  #tellAll(message: { type: 'drain' } | { type: 'stop' }): void {
    for (const worker of this.#workers) worker.send(message);
  }
}
