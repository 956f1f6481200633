import type { Config } from '../config.js';
import { usableCpus } from '../cpus.js';
import type { LogError } from '../error-log.js';
import type { MetricsPage, ToSupervisor } from '../messages.js';
import { threadOptions } from '../v8-threads.js';
import { Backoff } from './backoff.js';
import type { BoundSocket } from './listening-socket.js';
import { processUsage } from './process-usage.js';
import { Totals } from './totals.js';
import { WorkerProcess } from './worker-process.js';

/** Workers beyond FUNC_WORKERS while all of them are held up, so that somebody answers the probes. */
const MOST_STAND_INS = 2;

/** A stand-in stays for a while: a function that blocks once blocks again. */
const STAND_IN_STAYS_MS = 30_000;

/** Before a replacement whose function could not be loaded is tried again. */
const RETRY_MS = 1000;

/** A worker ends itself what runs too long. So much later it must have done so. */
const GRACE_MS = 250;

/** The same for a call that holds its worker up. */
const WATCHDOG_GRACE_MS = 10_000;

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
  readonly #totals = new Totals();
  readonly #backoff = new Backoff();
  readonly #cpus = usableCpus();
  #notBefore = 0;
  #staffTimer: NodeJS.Timeout | undefined;
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
    for (const worker of this.#workers) worker.send({ type: 'drain' });
    setTimeout(() => this.#stopAll(), this.#hasServed ? drainDelayMs : 0);
  }

  #stopAll(): void {
    const { shutdownTimeoutMs } = this.#options.config;
    this.#options.socket.close();
    for (const worker of this.#workers) {
      if (worker.state === 'loading') worker.kill();
      else worker.stop(shutdownTimeoutMs);
    }
    setTimeout(() => {
      for (const worker of this.#workers) worker.kill();
    }, shutdownTimeoutMs + GRACE_MS).unref();
    if (this.#workers.size === 0) this.#options.onEnd();
  }

  #inState(...states: WorkerProcess['state'][]): WorkerProcess[] {
    return [...this.#workers].filter(({ state }) => states.includes(state));
  }

  /** Starts workers that are missing; more than configured where all are held up. */
  #staff(): void {
    clearTimeout(this.#staffTimer);
    if (this.#ending) return;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) {
      this.#staffTimer = setTimeout(() => this.#staff(), wait);
      return;
    }
    const { workers: wanted } = this.#options.config;
    const active = this.#inState('loading', 'listening');
    try {
      const missing = Math.min(wanted - active.length, this.#mostStarts());
      for (let hired = 0; hired < missing; hired++) this.#hire();
      const allHeldUp = active.length >= wanted && active.every((worker) => worker.stalled);
      if (allHeldUp && active.length < wanted + MOST_STAND_INS) this.#hire();
    } catch (error) {
      this.#tryLater((error as Error).message);
      this.#staff();
      return;
    }
    this.#relieve();
    this.#watchSurplus();
  }

  /** While nobody serves, those that start do not take the processor from each other. */
  #mostStarts(): number {
    if (this.#inState('listening', 'leaving').length > 0) return Number.POSITIVE_INFINITY;
    return this.#cpus - this.#inState('loading').length;
  }

  /** Those who leave may go when enough others serve. */
  #relieve(): void {
    if (this.#inState('listening').length < this.#options.config.workers) return;
    for (const worker of this.#inState('leaving')) worker.stop();
  }

  /** Dismisses one stand-in after a time without any stall. */
  #watchSurplus(): void {
    clearTimeout(this.#surplusTimer);
    const active = this.#inState('loading', 'listening');
    if (active.length <= this.#options.config.workers || active.some((w) => w.stalled)) return;
    this.#surplusTimer = setTimeout(() => {
      this.#inState('loading', 'listening').at(-1)?.stop();
      this.#watchSurplus();
    }, STAND_IN_STAYS_MS).unref();
  }

  #hire(): void {
    const { workerEnv, config } = this.#options;
    const given = [...process.execArgv, ...(workerEnv.NODE_OPTIONS?.split(/\s+/) ?? [])];
    const options = threadOptions(this.#cpus, config.workers, given);
    const worker = new WorkerProcess(workerEnv, options, config.timeoutMs + WATCHDOG_GRACE_MS);
    let reason: string | undefined;
    this.#workers.add(worker);
    worker.on('stall', () => this.#staff());
    worker.on('worn', () => this.#letGo(worker));
    worker.on('message', (message) => {
      if (message.type === 'unusable') reason = message.reason;
      else this.#receive(worker, message);
    });
    worker.once('exit', (how) => this.#lose(worker, how, reason));
  }

  #letGo(worker: WorkerProcess): void {
    if (this.#ending || worker.state !== 'listening') return;
    worker.state = 'leaving';
    this.#staff();
  }

  #receive(worker: WorkerProcess, message: ToSupervisor): void {
    switch (message.type) {
      case 'loaded':
        if (!this.#ending) worker.send({ type: 'listen' }, this.#options.socket);
        break;
      case 'listening':
        worker.state = 'listening';
        worker.listeningSince = performance.now();
        this.#hasServed = true;
        if (this.#ending) worker.send({ type: 'drain' });
        else {
          this.#relieve();
          this.#staff();
        }
        break;
      case 'scrape':
        this.#metricsPage()
          .then((page) => worker.send({ type: 'page', id: message.id, page }))
          .catch(this.#options.logError);
        break;
    }
  }

  async #metricsPage(): Promise<MetricsPage> {
    const { renderMetrics } = await import('./metrics-page.js');
    const living = [...this.#workers].map(({ counts }) => counts.read());
    return renderMetrics([this.#totals.counts, ...living], processUsage());
  }

  #lose(worker: WorkerProcess, how: string, reason: string | undefined): void {
    this.#workers.delete(worker);
    this.#totals.add(worker.counts.read());
    worker.counts.close();
    if (this.#ending) {
      if (this.#workers.size === 0) this.#options.onEnd();
      return;
    }
    if (worker.state === 'loading')
      this.#tryLater(
        reason ?? `runtime-kit: the function ended its process ${how} while it was loaded`,
      );
    else if (worker.state !== 'stopping') this.#loseServing(worker, how);
    this.#staff();
  }

  /** A worker could not be started. Without any other, the server is of no use. */
  #tryLater(reason: string): void {
    if (this.#inState('listening', 'leaving').length === 0) {
      this.#giveUp(reason);
      return;
    }
    this.#options.logError(reason);
    this.#notBefore = performance.now() + RETRY_MS;
  }

  #loseServing(worker: WorkerProcess, how: string): void {
    const pause = this.#backoff.pauseAfter(performance.now() - worker.listeningSince);
    this.#notBefore = performance.now() + pause;
    const when = pause > 0 ? ` in ${pause} ms: it had just begun to serve` : '';
    this.#options.logError(`runtime-kit: a worker ended ${how}; it is replaced${when}`);
  }

  #giveUp(reason: string): void {
    this.#ending = true;
    for (const worker of this.#workers) worker.kill();
    this.#options.onEnd(reason);
  }
}
